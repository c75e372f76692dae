using System.Diagnostics;
using System.Globalization;

namespace Nyala.Bench;

/// <summary>
/// Requests each list of a server with full tables, with each filter and each pair of filters, and measures the time of a page of 100 entries.
/// </summary>
internal sealed class SearchRun(string folder, int deliveries, int rounds, CancellationToken cancellationToken)
{
    /// <summary>Returns each request with its median time, slowest first.</summary>
    public async Task<IReadOnlyList<(string Path, TimeSpan Median)>> RunAsync()
    {
        string data = Path.Combine(folder, "search");
        await using (await ServerUnderTest.StartAsync(data))
        {
        }

        List<string> paths;
        using (var filler = new RecordFiller(data, deliveries))
        {
            filler.Fill();
            paths = [.. Paths(filler).Distinct()];
        }

        await using ServerUnderTest server = await ServerUnderTest.StartAsync(data);
        using HttpClient http = server.OpenClient();
        var times = paths.ToDictionary(path => path, _ => new List<double>());
        for (int round = -1; round < rounds; round++)
        {
            foreach (string path in paths)
            {
                double time = await TimeAsync(http, path);
                if (round >= 0)
                {
                    times[path].Add(time);
                }
            }
        }

        return [.. times.Select(pair => (pair.Key, TimeSpan.FromMilliseconds(Statistics.Median(pair.Value)))).OrderByDescending(pair => pair.Item2)];
    }

    private async Task<double> TimeAsync(HttpClient http, string path)
    {
        bool removes = path.StartsWith("DELETE ", StringComparison.Ordinal);
        using var request = new HttpRequestMessage(removes ? HttpMethod.Delete : HttpMethod.Get, removes ? path["DELETE ".Length..] : path);
        long begun = Stopwatch.GetTimestamp();
        using HttpResponseMessage reply = await http.SendAsync(request, cancellationToken);
        TimeSpan took = Stopwatch.GetElapsedTime(begun);
        return reply.IsSuccessStatusCode || path.Contains("latest", StringComparison.Ordinal)
            ? took.TotalMilliseconds
            : throw new BenchException($"{path} was answered by {(int)reply.StatusCode}.");
    }

    private static IEnumerable<string> Paths(RecordFiller filler)
    {
        int middle = filler.Events / 2;
        string[] hooks = [Hook(0), Hook(1), Hook(50), Hook(filler.Hooks - 1)];
        string[][] deliveries =
        [
            [.. hooks.Select(hook => "hook=" + hook)],
            [$"event={filler.Event(middle)}", $"event={filler.Event(7)}"],
            [.. Types],
            ["deployment=again", $"deployment={RecordFiller.Deployment(middle)}", "deployment=none"],
            ["state=pending", "state=delivered", "state=failed", "state=gone"],
            ["since=1h", "since=30d&until=20d", "until=20d"],
            [$"before={filler.Event(middle)}", $"before={filler.Event(1000 % filler.Events)}"],
        ];
        string[] sites = ["/api", $"/sites/{RecordFiller.BigSite}/api", $"/sites/{RecordFiller.SmallSite}/api"];
        foreach (string site in sites)
        {
            foreach (string query in Pairs(deliveries))
            {
                yield return $"{site}/deliveries?{query}";
            }

            foreach (string query in Pairs([deliveries[2], deliveries[3], deliveries[5], deliveries[6]]))
            {
                yield return $"{site}/events?{query}";
            }

            foreach (string query in (string[])["", "state=gone&", "state=paused&", "state=all&"])
            {
                yield return $"{site}/hooks?{query}limit=100";
            }

            yield return $"{site}/deployments";
            yield return $"{site}/deployments?before=2020-01-01";
            yield return $"{site}/deployments/latest";
            foreach (string deployer in (string[])["CI", "odd", "none"])
            {
                yield return $"{site}/deployments/latest?deployer={deployer}&time=2020-01-01";
            }

            yield return $"DELETE {site}/hooks?url=https%3A%2F%2Fhooks.example%2Frun%3Fid%3Dnone%26sig%3Dnew";
        }

        foreach (string query in deliveries.Skip(1).SelectMany(values => values))
        {
            yield return $"/api/hooks/{Hook(1)}/deliveries?{query}";
        }

        foreach (string query in Pairs([["action=hook.changed", "action=site.removed", "action=none"], ["target=5", "target=7", "target=none"], ["before=1000"]]))
        {
            yield return $"/api/audit?{query}";
        }

        foreach (string path in (string[])[$"hooks/{Hook(1)}/redeliveries", "tokens?limit=100", $"tokens?limit=100&after={filler.Tokens / 2}", "sites?limit=100", "sites?limit=100&after=site-5"])
        {
            yield return "/api/" + path;
        }
    }

    private static string[] Types =>
        [$"type={RecordFiller.OftenType}", $"type={RecordFiller.SomeType}", $"type={RecordFiller.SeldomType}", "type=none"];

    private static string Hook(int number) => (RecordFiller.FirstHook + number).ToString(CultureInfo.InvariantCulture);

    /// <summary>Lists no filter, each value of each field, and each pair of values of two different fields.</summary>
    private static IEnumerable<string> Pairs(string[][] fields) =>
    [
        "",
        .. fields.SelectMany(values => values),
        .. from first in Enumerable.Range(0, fields.Length)
           from second in Enumerable.Range(first + 1, fields.Length - first - 1)
           from one in fields[first]
           from other in fields[second]
           select $"{one}&{other}",
    ];
}
