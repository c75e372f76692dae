using System.Globalization;
using System.Text;
using Nyala.Client;
using Nyala.EndToEnd.Support;

namespace Nyala.EndToEnd;

/// <summary>Metrics and traces, each with a separate server process, because listeners observe a whole process.</summary>
public sealed class TelemetryTests : IDisposable
{
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string TraceParent = $"00-{TraceId}-00f067aa0ba902b7-01";

    private readonly Machine _machine = new();

    public TelemetryTests() => _machine.Variables["NYALA_DELIVERY__RETRYSCHEDULE"] = Schedule.Short;

    public void Dispose() => _machine.Dispose();

    [Fact]
    public async Task Metrics_count_what_follows_the_first_scrape_and_contain_no_receiver_URL()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        ServerProcess server = await _machine.ServeAsync();
        await server.Client.AddHookAsync(new HookRequest { Url = receiver.Url, Event = "Built" }, TestContext.Current.CancellationToken);
        await server.Http.GetStringAsync("metrics", TestContext.Current.CancellationToken);
        for (int i = 0; i < 3; i++)
        {
            await server.Client.PublishAsync("Built", "{}"u8.ToArray(), cancellationToken: TestContext.Current.CancellationToken);
        }

        await server.SaysAsync("metrics", (_, text) => Prometheus.Value(text, "nyala_delivery_outcomes_total", "state=\"delivered\"") == 3).InTimeAsync();
        string metrics = await server.Http.GetStringAsync("metrics", TestContext.Current.CancellationToken);

        Assert.Equal(3, Prometheus.Value(metrics, "nyala_events_accepted_total", "type=\"other\""));
        Assert.Equal(3, Prometheus.Value(metrics, "nyala_delivery_attempt_duration_seconds_count", "answer=\"2xx\""));
        Assert.Equal(3, Prometheus.Value(metrics, "nyala_delivery_lag_seconds_count"));
        Assert.Equal(1, Prometheus.Value(metrics, "nyala_hooks_by_state", "state=\"active\""));
        Assert.Equal(1, Prometheus.Value(metrics, "nyala_lanes_active"));
        Assert.True(Prometheus.Value(metrics, "nyala_store_commit_duration_seconds_count") >= 3);
        Assert.DoesNotContain(receiver.Url, metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trace_continues_from_the_publisher_to_the_attempt_even_after_a_kill()
    {
        await using Receiver receiver = Receiver.Down();
        await using Receiver collector = await Receiver.StartAsync();
        _machine.Variables["NYALA_TELEMETRY__OTLP"] = collector.Url;
        _machine.Variables["NYALA_TELEMETRY__OTLPPROTOCOL"] = "http/protobuf";
        ServerProcess server = await _machine.ServeAsync();
        await server.Client.AddHookAsync(new HookRequest { Url = receiver.Url + "secret-path", Event = "Built" }, TestContext.Current.CancellationToken);
        await PublishAsync(server);
        await server.KillAsync();
        await receiver.ListenAsync();
        server = await _machine.ServeAsync();

        string sent = (await receiver.NextAsync()).Headers["traceparent"];
        Assert.Matches($"^00-{TraceId}-[0-9a-f]{{16}}-01$", sent);
        Assert.NotEqual(TraceParent, sent);
        server.Terminate();
        Assert.Equal(0, (await server.EndAsync()).ExitCode);

        (string metrics, string traces) = ("", "");
        while (metrics.Length == 0 || !traces.Contains("attempt Built", StringComparison.Ordinal))
        {
            Received export = await collector.NextAsync();
            Assert.Contains(export.Path, (string[])["/v1/metrics", "/v1/traces"]);
            (metrics, traces) = export.Path == "/v1/traces" ? (metrics, traces + Latin(export.Body)) : (metrics + Latin(export.Body), traces);
        }

        Assert.Contains("nyala.store.commit.duration", metrics, StringComparison.Ordinal);
        Assert.Contains(Latin(Convert.FromHexString(TraceId)), traces, StringComparison.Ordinal);
        Assert.Contains(Latin(Convert.FromHexString(sent.Split('-')[2])), traces, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-path", traces, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_export_of_traces_the_traceparent_of_the_caller_is_passed_on_unchanged()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        ServerProcess server = await _machine.ServeAsync();
        await server.Client.AddHookAsync(new HookRequest { Url = receiver.Url, Event = "*" }, TestContext.Current.CancellationToken);

        await PublishAsync(server);
        Assert.Equal(TraceParent, (await receiver.NextAsync()).Headers["traceparent"]);
        await SendAsync(server, HttpMethod.Put, "api/deployments/abc", """{"status":4,"message":"m","author":"a","deployer":"d"}""");
        Assert.Equal(TraceParent, (await receiver.NextAsync()).Headers["traceparent"]);
    }

    private static Task PublishAsync(ServerProcess server) => SendAsync(server, HttpMethod.Post, "api/hooks/publish/Built", "{}");

    private static async Task SendAsync(ServerProcess server, HttpMethod method, string path, string body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("traceparent", TraceParent);
        request.Headers.Add("Prefer", "respond-async");
        using HttpResponseMessage response = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, string.Create(CultureInfo.InvariantCulture, $"{response.StatusCode}"));
    }

    /// <summary>Returns every byte as a character, so that texts can be found in a binary message.</summary>
    private static string Latin(byte[] bytes) => Encoding.Latin1.GetString(bytes);
}
