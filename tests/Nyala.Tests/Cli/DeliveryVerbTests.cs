using System.Globalization;
using System.Text.Json;
using Nyala.Client;
using Nyala.Server.Storage;
using Nyala.Tests.Cli.Support;
using Nyala.Tests.Support;

namespace Nyala.Tests.Cli;

/// <summary><c>nyala deliveries</c> and <c>nyala events</c>, against a real server and a real receiver.</summary>
public sealed class DeliveryVerbTests : IAsyncLifetime
{
    private readonly TestServer _server;
    private readonly CliHarness _cli = new();
    private Receiver? _receiver;
    private HookUnderTest? _hook;

    public DeliveryVerbTests(SharedServer shared)
    {
        _server = shared.Server;
        _cli["NYALA_SERVER"] = _server.Address.AbsoluteUri;
        _cli["NYALA_TOKEN"] = TestServer.Token;
    }

    private Receiver Receiver => _receiver!;

    private HookUnderTest Hook => _hook!;

    public async ValueTask InitializeAsync()
    {
        _receiver = await Receiver.StartAsync();
        _hook = await HookUnderTest.AddAsync(_server, Receiver);
    }

    public async ValueTask DisposeAsync()
    {
        _cli.Dispose();
        await Receiver.DisposeAsync();
    }

    [Fact]
    public async Task The_list_of_deliveries_has_one_line_for_each_and_can_be_filtered()
    {
        Receiver.AnswerNext(new Answer(200), new Answer(404));
        await Hook.PublishAsync();
        await Hook.PublishAsync();

        string[] lines = (await DoneAsync("deliveries", "list", "--hook", Hook.Id, "--since", "1h")).TrimEnd().Split('\n');

        Assert.Equal(3, lines.Length);
        Assert.Matches($@"^ID +CREATED +TYPE +SITE +HOOK +STATE +ATTEMPTS +LAST +NEXT$", lines[0]);
        Assert.Matches($@"^\d+ +\S+ \S+Z +Event-\d+ +default +{Hook.Id} +pending +1 +404 NotFound +\S+ \S+Z$", lines[1]);
        Assert.Matches($@"^\d+ +\S+ \S+Z +Event-\d+ +default +{Hook.Id} +delivered +1 +200 OK$", lines[2]);
        Assert.Single((await JsonAsync("deliveries", "list", "--hook", Hook.Id, "--state", "delivered")).EnumerateArray());
        Assert.Single((await JsonAsync("deliveries", "list", "--hook", Hook.Id, "--limit", "1")).EnumerateArray());
        Assert.Empty((await JsonAsync("deliveries", "list", "--hook", Hook.Id, "--until", "2026-01-01")).EnumerateArray());
    }

    [Fact]
    public async Task Showing_a_delivery_prints_its_headers_bodies_and_timings()
    {
        Receiver.AnswerNext(new Answer(500, "not\nnow\u001b[31m", ("X-Why", "busy")));
        await Hook.PublishAsync("""{"a":1}""");
        long id = (await Hook.DeliveryAsync()).Id;

        string shown = await DoneAsync("deliveries", "show", $"msg_{id}");

        Assert.Matches(
            $$"""(?s)^id +{{id}}\nwebhook-id +msg_{{id}}\n.*state +pending\n.*body +\{"a":1\}\n\nattempt 1  \S+ \S+Z  500 InternalServerError in \d+ m?s \(connect .*, first byte .*\)\n  The receiver responded with 500.*\n  > Host: 127.*\n  > webhook-id: msg_{{id}}\n.*\n  < X-Why: busy\n  < not now\n$""",
            shown);
    }

    [Fact]
    public async Task Resending_a_delivery_exits_with_0_if_it_is_delivered_and_1_otherwise()
    {
        await Hook.PublishAsync();
        string id = (await Hook.DeliveryAsync()).Id.ToString(CultureInfo.InvariantCulture);

        Assert.Equal($"delivery {id} is delivered, after 2 attempts\n", await DoneAsync("deliveries", "redeliver", id));

        Receiver.AnswerNext(new Answer(503));
        (int exitCode, string output, string error) = await _cli.RunAsync("deliveries", "redeliver", id);
        Assert.Equal((1, ""), (exitCode, output));
        Assert.Matches($"^nyala: delivery {id} is pending, after 3 attempts: The receiver responded with 503 .* The next attempt is at [^\n]+\n$", error);
    }

    [Fact]
    public async Task Resending_many_deliveries_can_wait_until_they_are_requeued()
    {
        await Hook.PublishAsync();

        string told = await DoneAsync("deliveries", "redeliver", "--hook", Hook.Id, "--since", "1h", "--state", "delivered", "--wait");

        Assert.Matches("^redelivery [0-9]+ requeued 1 delivery\n$", told);
        await Hook.AttemptedAsync(2);
        Assert.Matches("^redelivery [0-9]+ started\\. ", await DoneAsync("deliveries", "redeliver", "--hook", Hook.Id, "--since", "2026-01-01T00:00:00Z"));
    }

    [Fact]
    public async Task An_event_is_listed_and_shown_with_its_deliveries()
    {
        await Hook.PublishAsync("""{"b":2}""");
        DeliveryRecord delivery = await Hook.DeliveryAsync();
        string type = (await JsonAsync("events", "show", $"{delivery.Event}")).GetProperty("type").GetString()!;

        Assert.Matches($@"^ID +CREATED +TYPE +SITE +DEPLOYMENT\n{delivery.Event} +\S+ \S+Z +{type} +default\n$", await DoneAsync("events", "list", "--type", type));
        Assert.Matches($$"""(?s)^id +{{delivery.Event}}\n.*body +\{"b":2\}\n\nID .*\n{{delivery.Id}} """, await DoneAsync("events", "show", $"{delivery.Event}"));
    }

    [Theory]
    [InlineData("deliveries list --state lost")]
    [InlineData("deliveries list --since soon")]
    [InlineData("deliveries redeliver")]
    [InlineData("deliveries redeliver 1 --hook 2 --since 1h")]
    [InlineData("deliveries redeliver --hook 2")]
    [InlineData("deliveries redeliver 1 --wait")]
    [InlineData("deliveries redeliver 1 --state gone")]
    [InlineData("deliveries redeliver --hook 2 --since 1h --state pending")]
    [InlineData("events show")]
    public async Task Wrong_usage_exits_with_2_and_prints_one_line(string line)
    {
        (int exitCode, string output, string error) = await _cli.RunAsync(line.Split(' '));

        Assert.Equal((2, ""), (exitCode, output));
        Assert.Matches("^nyala: [^\n]+\n$", error);
    }

    [Theory]
    [InlineData(null, 205)]
    [InlineData(150, 150)]
    [InlineData(205, 205)]
    public async Task The_client_reads_all_pages_up_to_the_limit(int? limit, int count)
    {
        await Hook.WriteAsync(tables =>
        {
            for (long id = Hook.Number; id < Hook.Number + 205; id++)
            {
                tables.Events.Insert(new EventRecord(-id, "Past", "default", [], DateTimeOffset.UnixEpoch));
                tables.AddDelivery(id, -id, Hook.Number, DateTimeOffset.UnixEpoch);
                tables.RecordOutcome(id, DeliveryState.Failed, TimeProvider.System.GetUtcNow(), spent: true, null);
            }
        });
        using var client = new NyalaClient(_server.Address, TestServer.Token);

        List<string> ids = await client.ListDeliveriesAsync(new DeliverySearch { Hook = Hook.Id }, limit, TestContext.Current.CancellationToken)
            .Select(delivery => delivery.Id).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal(count, ids.Distinct().Count());
        Assert.Equal($"{Hook.Number + 204}", ids[0]);
    }

    private async Task<string> DoneAsync(params string[] args)
    {
        (int exitCode, string output, string error) = await _cli.RunAsync(args);
        Assert.True(exitCode == 0, error);
        return output;
    }

    private async Task<JsonElement> JsonAsync(params string[] args) => JsonElement.Parse(await DoneAsync([.. args, "--json"]));
}
