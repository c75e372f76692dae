using System.Net;
using System.Text;
using System.Text.Json;
using Nyala.Client;
using Nyala.EndToEnd.Support;

namespace Nyala.EndToEnd;

/// <summary>A disk that takes nothing more: callers are told, nothing that was accepted is lost, and it goes on by itself.</summary>
public sealed class FullDiskTests : IDisposable
{
    private const int Events = 40;

    private readonly Machine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public async Task A_full_disk_refuses_what_comes_and_holds_what_is_done_until_there_is_space()
    {
        // A mount of its own, in a namespace that ends with the server.
        Directory.CreateDirectory(_machine.Data);
        _machine.Wrapper = ["unshare", "-rm", "sh", "-c", $"mount -t tmpfs -o size=8m,mode=700 tmpfs '{_machine.Data}' && exec \"$@\"", "sh"];
        if (await Tool.RunAsync("unshare", ["-rm", "mount", "-t", "tmpfs", "tmpfs", _machine.Data], "") is not { ExitCode: 0 })
        {
            Assert.Skip("This machine lets nobody mount a small disk (unshare -rm, mount -t tmpfs). The test of the failing disk stands for this one.");
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
    public async Task A_failing_disk_refuses_what_comes_and_holds_what_is_done_until_it_is_mended()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("Limits of a running process are set by prlimit, which is Linux's.");
        }

        // The system tells of the limit by a signal, which ends whoever does not ignore it.
        _machine.Wrapper = ["sh", "-c", "trap '' XFSZ; exec \"$@\"", "sh"];
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Hold();
        (ServerProcess server, _, int id) = await _machine.ServeAsync(_ => _machine.Data);
        await AcceptAsync(server, receiver);
        await LimitAsync(id, "4096:unlimited");

        await RefusesAsync(server, HttpStatusCode.ServiceUnavailable, "The store is not available");
        await server.SaysAsync("healthz/ready", (code, text) => (code, text) == (HttpStatusCode.ServiceUnavailable, """{"status":"degraded","reasons":["disk_failing"]}""")).InTimeAsync();
        await GoesOnAsync(server, receiver);

        await LimitAsync(id, "unlimited:unlimited");
        await IsWellAsync(server, receiver);
    }

    /// <summary>Accepts more events than the hook may have in flight.</summary>
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
            // Full.
        }
    }

    private static async Task LimitAsync(int process, string limit) =>
        Assert.Equal(0, (await Tool.RunAsync("prlimit", ["--pid", $"{process}", $"--fsize={limit}"], ""))?.ExitCode);

    /// <summary>Publishers and deployers are told, each by problem+json.</summary>
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

    /// <summary>What was accepted goes out, although its outcomes cannot be written; it lives, and is read.</summary>
    private static async Task GoesOnAsync(ServerProcess server, Receiver receiver)
    {
        receiver.Release();
        await HearAsync(receiver, Enumerable.Range(1, Events));
        await server.SaysAsync("metrics", (_, text) => Prometheus.Value(text, "nyala_delivery_outcomes_held") == Events).InTimeAsync();
        Assert.Equal(Events, Prometheus.Value(await server.Http.GetStringAsync("metrics", TestContext.Current.CancellationToken), "nyala_delivery_pending"));
        Assert.Equal("""{"status":"live"}""", await server.Http.GetStringAsync("healthz/live", TestContext.Current.CancellationToken));
        Assert.Single(await server.Client.ListHooksAsync(cancellationToken: TestContext.Current.CancellationToken));
    }

    /// <summary>It is ready again although nobody writes, and has recorded what it held: nothing is sent twice.</summary>
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
