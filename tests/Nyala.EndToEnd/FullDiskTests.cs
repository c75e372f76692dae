using System.Net;
using System.Text;
using System.Text.Json;
using Nyala.Client;
using Nyala.EndToEnd.Support;

namespace Nyala.EndToEnd;

/// <summary>A disk that accepts no writes: callers get an error, no accepted event is lost, and the server recovers without a restart.</summary>
public sealed class FullDiskTests : IDisposable
{
    private const int Events = 40;

    private readonly Machine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public async Task Writes_get_507_while_the_disk_is_full_and_outcomes_are_held_until_there_is_space()
    {
        // A separate mount, in a namespace that ends with the server.
        Directory.CreateDirectory(_machine.Data);
        _machine.Wrapper = ["unshare", "-rm", "sh", "-c", $"mount -t tmpfs -o size=8m,mode=700 tmpfs '{_machine.Data}' && exec \"$@\"", "sh"];
        if (await Tool.RunAsync("unshare", ["-rm", "mount", "-t", "tmpfs", "tmpfs", _machine.Data], "") is not { ExitCode: 0 })
        {
            Assert.Skip("A small disk cannot be mounted on this machine (unshare -rm, mount -t tmpfs). The test with the failing disk stands in for this test.");
        }

        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Hold();
        (ServerProcess server, string data, _) = await _machine.ServeAsync(id => $"/proc/{id}/root{_machine.Data}");
        await AcceptAsync(server, receiver);
        string ballast = Path.Combine(data, "ballast");
        await FillAsync(ballast);

        await RefusesAsync(server, HttpStatusCode.InsufficientStorage, "Out of space");
        await server.SaysAsync("healthz/ready", (code, text) => (code, text) == (HttpStatusCode.ServiceUnavailable, """{"status":"degraded","reasons":["disk_full"]}""")).InTimeAsync();
        await GoesOnAsync(server, receiver);
        await RefusesAsync(server, HttpStatusCode.InsufficientStorage, "Out of space");

        File.Delete(ballast);
        await IsWellAsync(server, receiver);
    }

    [Fact]
    public async Task Writes_get_503_while_the_disk_fails_and_outcomes_are_held_until_it_recovers()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("Only Linux has prlimit, which sets the limits of a running process.");
        }

        // If the limit is exceeded, the system sends a signal, which ends a process that does not ignore it.
        _machine.Wrapper = ["sh", "-c", "trap '' XFSZ; exec \"$@\"", "sh"];
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Hold();
        (ServerProcess server, _, int id) = await _machine.ServeAsync(_ => _machine.Data);
        await AcceptAsync(server, receiver);
        await LimitAsync(id, "4096:unlimited");

        await RefusesAsync(server, HttpStatusCode.ServiceUnavailable, "The database is not available");
        await server.SaysAsync("healthz/ready", (code, text) => (code, text) == (HttpStatusCode.ServiceUnavailable, """{"status":"degraded","reasons":["disk_failing"]}""")).InTimeAsync();
        await GoesOnAsync(server, receiver);

        await LimitAsync(id, "unlimited:unlimited");
        await IsWellAsync(server, receiver);
    }

    /// <summary>Adds a hook and publishes more events than it may have in flight.</summary>
    private static async Task AcceptAsync(ServerProcess server, Receiver receiver)
    {
        await server.Client.AddHookAsync(new HookRequest { Url = receiver.Url, Event = "Built" }, TestContext.Current.CancellationToken);
        for (int number = 1; number <= Events; number++)
        {
            Assert.True(await server.AcceptsAsync("Built", $$"""{"number":{{number}}}"""));
        }
    }

    private static async Task FillAsync(string file)
    {
        byte[] block = new byte[4096];
        await using var stream = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
            {
                await stream.WriteAsync(block, TestContext.Current.CancellationToken);
            }
        }
        catch (IOException)
        {
            // The disk is full.
        }
    }

    private static async Task LimitAsync(int process, string limit) =>
        Assert.Equal(0, (await Tool.RunAsync("prlimit", ["--pid", $"{process}", $"--fsize={limit}"], ""))?.ExitCode);

    /// <summary>Asserts that publishing and reporting a deployment both fail with problem+json.</summary>
    private static async Task RefusesAsync(ServerProcess server, HttpStatusCode code, string title)
    {
        foreach ((HttpMethod method, string path, string body) in ((HttpMethod, string, string)[])
            [
                (HttpMethod.Post, "api/hooks/publish/Built", """{"number":1000}"""),
                (HttpMethod.Put, "sites/shop/api/deployments/abc", """{"status":4,"message":"m","author":"a","deployer":"d"}"""),
            ])
        {
            using var request = new HttpRequestMessage(method, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            using HttpResponseMessage response = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);
            string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

            Assert.Equal((code, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
            Assert.Equal(title, JsonDocument.Parse(text).RootElement.GetProperty("title").GetString());
            Assert.DoesNotContain("nyala.db", text, StringComparison.Ordinal);
        }
    }

    /// <summary>Asserts that accepted events are delivered although their outcomes cannot be written, and that the server is live and can be read.</summary>
    private static async Task GoesOnAsync(ServerProcess server, Receiver receiver)
    {
        receiver.Release();
        await HearAsync(receiver, Enumerable.Range(1, Events));
        await server.SaysAsync("metrics", (_, text) => Prometheus.Value(text, "nyala_delivery_outcomes_held") == Events).InTimeAsync();
        Assert.Equal(Events, Prometheus.Value(await server.Http.GetStringAsync("metrics", TestContext.Current.CancellationToken), "nyala_delivery_pending"));
        Assert.Equal("""{"status":"live"}""", await server.Http.GetStringAsync("healthz/live", TestContext.Current.CancellationToken));
        Assert.Single(await server.Client.ListHooksAsync(cancellationToken: TestContext.Current.CancellationToken));
    }

    /// <summary>Asserts that the server becomes ready again without a new write, records the outcomes that it held, and sends nothing twice.</summary>
    private static async Task IsWellAsync(ServerProcess server, Receiver receiver)
    {
        await server.SaysAsync("healthz/ready", (code, _) => code == HttpStatusCode.OK).InTimeAsync();
        await server.SaysAsync("metrics", (_, text) => (Prometheus.Value(text, "nyala_delivery_outcomes_held"), Prometheus.Value(text, "nyala_delivery_pending")) == (0, 0)).InTimeAsync();
        Assert.True(await server.AcceptsAsync("Built", """{"number":41}"""));
        Assert.Equal(41, (await receiver.NextAsync()).Json.GetProperty("number").GetInt32());
        Assert.False(receiver.HasMore);
        server.Terminate();
        Assert.Equal(0, (await server.EndAsync()).ExitCode);
    }

    private static async Task HearAsync(Receiver receiver, IEnumerable<int> numbers)
    {
        HashSet<int> missing = [.. numbers];
        while (missing.Count > 0)
        {
            Assert.True(missing.Remove((await receiver.NextAsync()).Json.GetProperty("number").GetInt32()), "A delivery came twice.");
        }
    }
}
