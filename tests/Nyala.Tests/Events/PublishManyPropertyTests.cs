using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Nyala.Server.Events;
using Nyala.Server.Http;
using Nyala.Server.Storage;
using Nyala.Tests.Fuzzing;
using Nyala.Tests.Support;

namespace Nyala.Tests.Events;

/// <summary>Random lists of events, published with one request.</summary>
public sealed class PublishManyPropertyTests : IAsyncLifetime
{
    private static readonly Gen<string> Body = Gen.Frequency(
        (2, Odd.Object.Where(body => RequestBody.IsJson(Encoding.UTF8.GetBytes(body), out _))),
        (2, Odd.Of("""{"status":"failed"}""", """{"status":"success"}""", "null", "[]", "-1.50e2", "\"\\ud800\"", " {\t\"a\" : [ ] } ", "\"ü\\u00fc\"", "{\"event\":\"B\",\"body\":1}")));

    private static readonly Gen<(string Type, string? Key, string Body)[]> Events =
        Gen.Select(Odd.Of("A", "a", "B", "C"), Odd.Of<string?>(null, null, "k1", "k2"), Body).Array[1, 8];

    private TestServer? _server;

    private TestServer Server => _server!;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync(options =>
    {
        // No hook of the test may be called.
        options.Outbound.Proxy = "http://127.0.0.1:9";
        options.Delivery.PublishWait = TimeSpan.Zero;
    });

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    [Fact]
    public Task One_request_stores_the_same_events_and_deliveries_as_single_publishes() => Events.SampleAsync(
        async events =>
        {
            string[] single = await StoredAsync(async hooks =>
            {
                var results = new List<(string, string?)>();
                foreach ((string type, string? key, string body) in events)
                {
                    Reply reply = await Server.SendAsync(HttpMethod.Post, $"{hooks}/publish/{type}", body, key is null ? [] : [("Idempotency-Key", key)]);
                    results.Add((reply.Code == 422 ? "mismatch" : reply.Headers.ContainsKey("Idempotency-Replayed") ? "replayed" : "accepted", reply.Headers.GetValueOrDefault("Nyala-Event-Id")));
                }

                return results;
            });
            string[] many = await StoredAsync(async hooks =>
            {
                string lines = string.Concat(events.Select(one =>
                    $"{{\"event\":\"{one.Type}\",{(one.Key is null ? "" : $"\"key\":\"{one.Key}\",")}\"body\":{one.Body}}}\n"));
                Reply reply = await Server.SendAsync(HttpMethod.Post, hooks + "/publish", lines);
                return [.. reply.Json.EnumerateArray().Select(entry => (entry.GetProperty("outcome").GetString()!, entry.GetProperty("event_id").GetString()))];
            });

            Assert.Equal(single, many);
        },
        iter: Math.Max(50, Fuzz.Cases / 40),
        threads: 1);

    [Fact]
    public void Reading_any_bytes_gives_events_with_JSON_bodies_or_reasons()
    {
        Gen<byte[]> lines = Events.Select(events => Encoding.UTF8.GetBytes(string.Join('\n', events.Select(one => $"{{\"event\":\"{one.Type}\",\"body\":{one.Body}}}"))));
        Gen.Frequency((1, Odd.Body), (4, Odd.Mutated(lines))).Sample(
            bytes =>
            {
                EventLines read = EventLines.Read(bytes, 40);

                Assert.All(read.Events, line => Assert.True(
                    EventType.IsValid(line.Type) && (line.Key is null || IdempotencyKey.IsValid(line.Key)) && line.Body.Length <= 40
                    && RequestBody.IsJson(line.Body, out _) && bytes.AsSpan().IndexOf(line.Body) >= 0));
                Assert.All(read.Refused, line => Assert.NotEqual("", line.Problem));
                int[] numbers = [.. read.Events.Select(line => line.Number).Concat(read.Refused.Select(line => line.Number))];
                Assert.Equal(numbers.Length, numbers.Distinct().Count());
                if (!read.TooMany)
                {
                    Assert.Equal(CountLines(bytes), read.Events.Count + read.RefusedCount);
                }
            },
            iter: Fuzz.Cases);
    }

    /// <summary>Counts the lines that are not blank, apart from a byte order mark at the beginning.</summary>
    private static int CountLines(byte[] bytes)
    {
        string text = Encoding.Latin1.GetString(bytes);
        return (text.StartsWith("ï»¿", StringComparison.Ordinal) ? text[3..] : text).Split('\n').Count(line => line.Trim(' ', '\t', '\r').Length > 0);
    }

    /// <summary>Publishes at a new site, and describes what the site has stored, with numbers in place of ids.</summary>
    private async Task<string[]> StoredAsync(Func<string, Task<List<(string Outcome, string? Event)>>> publish)
    {
        string site = Some.Site();
        string path = $"/sites/{site}/api/hooks";
        JsonObject filtered = Some.Hook(type: "*");
        filtered["filter"] = new JsonObject { ["status"] = new JsonArray("failed") };
        string[] hooks = [await Server.SubscribeAsync(new Uri(Some.Url()), "A", path), await Server.SubscribeAsync(new Uri(Some.Url()), "B", path), (await Server.PostAsync(path, filtered))["id"]];

        List<(string Outcome, string? Event)> results = await publish(path);
        List<string?> ids = [.. results.Select(result => result.Event).Distinct()];
        JsonElement deliveries = (await Server.GetAsync($"/sites/{site}/api/deliveries?limit=1000")).Json;
        JsonElement events = (await Server.GetAsync($"/sites/{site}/api/events?limit=1000")).Json;
        return
        [
            .. results.Select(result => $"{result.Outcome} {ids.IndexOf(result.Event)}"),
            .. await Task.WhenAll(events.EnumerateArray().Select(one => DescribeAsync(one.GetProperty("id").GetString()!))),
            .. deliveries.EnumerateArray().Select(one => $"{ids.IndexOf(one.GetProperty("event").GetProperty("id").GetString())} to {Array.IndexOf(hooks, one.GetProperty("hook").GetString())}").Order(),
        ];

        async Task<string> DescribeAsync(string id)
        {
            EventRecord stored = (await Server.Store.ReadAsync(tables => tables.Events.Find(long.Parse(id, CultureInfo.InvariantCulture)), TestContext.Current.CancellationToken))!;
            return $"{ids.IndexOf(id)} {stored.Type} {stored.Chain} {stored.Trace} {stored.Site == site} {Encoding.UTF8.GetString(stored.Body).Trim()}";
        }
    }
}
