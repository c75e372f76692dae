using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Nyala.Tests.Deploying;
using Nyala.Tests.Support;

namespace Nyala.Tests.Telemetry;

/// <summary>Which metrics there are, and who may read them.</summary>
public sealed partial class MetricsTests(SharedServer shared)
{
    [Fact]
    public async Task A_token_can_read_the_metrics_in_the_text_format_of_Prometheus()
    {
        await using TestServer server = await TestServer.StartAsync();

        Reply reply = await server.GetAsync("/metrics");

        Assert.Equal((200, "text/plain"), (reply.Code, reply.ContentType!.Split(';')[0]));
        Assert.Contains("nyala_store_writable", reply.Text, StringComparison.Ordinal);
        Assert.Contains("nyala_hooks_by_state", reply.Text, StringComparison.Ordinal);
    }

    /// <summary>The meters of two servers in one process have the same name, and each server once reported the other's values too.</summary>
    [Fact]
    public async Task A_server_reports_only_its_own_metrics_even_after_another_in_its_process_stops()
    {
        await using TestServer one = await TestServer.StartAsync();
        await using TestServer two = await TestServer.StartAsync();
        await one.SubscribeAsync(new Uri("http://127.0.0.1:9/"));
        await two.SubscribeAsync(new Uri("http://127.0.0.1:9/"));
        await two.SubscribeAsync(new Uri("http://127.0.0.1:9/other"));

        Assert.Equal("1", ActiveHooks(await ScrapeAsync(one, "text/plain")));
        Assert.Equal("2", ActiveHooks(await ScrapeAsync(two, "text/plain")));
        await two.StopAsync();

        // A format that was not requested before is not served from the cache. The values of a stopped meter disappear with the second scrape.
        Assert.Equal("1", ActiveHooks(await ScrapeAsync(one, "application/openmetrics-text; version=0.0.1")));
        Assert.Equal("1", ActiveHooks(await ScrapeAsync(one, "application/openmetrics-text; version=1.0.0")));
    }

    [Fact]
    public async Task Concurrent_first_scrapes_each_get_a_complete_response()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using TestServer other = await TestServer.StartAsync();

        Task<string>[] scrapes = [.. Enumerable.Range(0, 16).Select(number => ScrapeAsync(server, number % 2 == 0 ? "text/plain" : "application/openmetrics-text"))];
        await other.StopAsync();

        Assert.All(await Task.WhenAll(scrapes), text => Assert.True(text.Contains("nyala_store_writable", StringComparison.Ordinal), text));
    }

    private static async Task<string> ScrapeAsync(TestServer server, string type) =>
        (await server.SendAsync(HttpMethod.Get, "/metrics", null as string, ("Accept", type))).Text;

    [Fact]
    public async Task Metrics_return_401_without_a_token_and_404_if_they_are_off()
    {
        Assert.Equal(401, (await Reply.ReadAsync(await shared.Server.Anonymous.GetAsync("/metrics", TestContext.Current.CancellationToken))).Code);
        await using TestServer off = await TestServer.StartAsync(options => options.Telemetry.Metrics = false);
        Assert.Equal(404, (await off.GetAsync("/metrics")).Code);
    }

    [Fact]
    public async Task Every_instrument_has_a_description_a_unit_and_only_known_label_values()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using Receiver receiver = await Receiver.StartAsync();
        using var seen = new Readings(server.Server.Services.GetRequiredService<Meter>());
        HookUnderTest hook = await HookUnderTest.AddAsync(server, receiver);
        await hook.PublishAsync();
        receiver.AnswerAlways(503);
        await hook.PublishAsync();
        await server.PutAsync("/sites/shop/api/deployments/abc", Some.Report());
        await (await DeployingSite.CreateAsync(server)).ZipAsync(("index.html", "hello"));
        await (await DeployingSite.CreateAsync(server, command: "exit 1")).ZipAsync(("index.html", "hello"));
        await server.Anonymous.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/api/hooks") { Headers = { { "Authorization", "Bearer wrong" } } }, TestContext.Current.CancellationToken);

        IReadOnlyList<string> readings = seen.Read();

        Assert.All(seen.Instruments, instrument =>
        {
            Assert.Matches(Name(), instrument.Name);
            Assert.False(string.IsNullOrEmpty(instrument.Description), instrument.Name);
            Assert.False(string.IsNullOrEmpty(instrument.Unit), instrument.Name);
        });
        Approved.Text(string.Join('\n', readings.Distinct().Order(StringComparer.Ordinal)));
    }

    private static string ActiveHooks(string scrape) => ActiveHooksLine().Match(scrape) is { Success: true } line ? line.Groups[1].Value : scrape;

    [GeneratedRegex("""^nyala_hooks_by_state\w*\{.*state="active".*\} ([0-9.]+)""", RegexOptions.Multiline)]
    private static partial Regex ActiveHooksLine();

    [GeneratedRegex(@"^nyala\.[a-z_]+(\.[a-z_]+)+$")]
    private static partial Regex Name();

    /// <summary>Listens to the meter of one server. Other servers in this process have their own.</summary>
    private sealed class Readings : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly List<string> _read = [];
        private readonly List<Instrument> _instruments = [];

        public Readings(Meter meter)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter == meter)
                {
                    lock (_read)
                    {
                        _instruments.Add(instrument);
                    }

                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Note(instrument, tags));
            _listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(instrument, tags));
            _listener.Start();
        }

        public IReadOnlyList<Instrument> Instruments
        {
            get
            {
                lock (_read)
                {
                    return [.. _instruments];
                }
            }
        }

        /// <summary>Returns each instrument that recorded a value, with its unit and its labels.</summary>
        public IReadOnlyList<string> Read()
        {
            _listener.RecordObservableInstruments();
            lock (_read)
            {
                return [.. _read];
            }
        }

        public void Dispose() => _listener.Dispose();

        private void Note(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            string labels = string.Join(',', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"));
            lock (_read)
            {
                _read.Add($"{instrument.Name} {instrument.Unit} {{{labels}}}");
            }
        }
    }
}
