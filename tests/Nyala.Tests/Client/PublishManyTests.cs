using System.Net;
using System.Text;
using System.Text.Json;
using Nyala.Client;
using Nyala.Tests.Support;

namespace Nyala.Tests.Client;

/// <summary><see cref="NyalaClient.PublishManyAsync(IEnumerable{EventToPublish}, bool, CancellationToken)"/>, against a real server.</summary>
public sealed class PublishManyTests : IDisposable
{
    private readonly TestServer _server;
    private readonly NyalaClient _root;
    private readonly NyalaClient _client;

    public PublishManyTests(SharedServer shared)
    {
        _server = shared.Server;
        _root = new NyalaClient(_server.Address, TestServer.Token);
        _client = _root.ForSite(Some.Site());
    }

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Each_event_has_a_result(bool wait)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await _client.AddHookAsync(new HookRequest { Url = receiver.Url.AbsoluteUri, Event = "*" }, CancellationToken);

        IReadOnlyList<PublishedLine> results = await _client.PublishManyAsync([Event("1", "k"), Event("1", "k"), Event("2", "k"), Event("{\n  \"a\": 3\r\n}")], wait, CancellationToken);

        Assert.Equal([(1, "accepted"), (2, "replayed"), (3, "mismatch"), (4, "accepted")], results.Select(result => (result.Line, result.Outcome)));
        Assert.Equal((results[0].EventId, null), (results[1].EventId, results[2].EventId));
        Assert.Equal([true, true, false, true], results.Select(result => result.Problem is null));
        Assert.Equal(["1", "{   \"a\": 3\r }"], (await receiver.ManyAsync(2)).Select(received => received.Text).Order());
    }

    [Fact]
    public async Task A_refused_event_throws_with_its_line_and_nothing_is_stored()
    {
        NyalaException refused = await Assert.ThrowsAsync<NyalaException>(
            () => _client.PublishManyAsync([Event("1"), Event("2") with { Type = "a b" }], cancellationToken: CancellationToken));

        PublishedLine line = Assert.Single(refused.Lines);
        Assert.Equal((HttpStatusCode.BadRequest, 2, "refused"), (refused.Status, line.Line, line.Outcome));
        Assert.EndsWith($"Line 2: {line.Problem}", refused.Message, StringComparison.Ordinal);
        Assert.Empty(await _client.ListEventsAsync(cancellationToken: CancellationToken).ToListAsync(CancellationToken));
    }

    [Fact]
    public async Task A_body_that_is_not_JSON_throws_and_no_events_send_no_request()
    {
        using var nowhere = new NyalaClient(new Uri("http://127.0.0.1:9"), null);

        await Assert.ThrowsAnyAsync<JsonException>(() => nowhere.PublishManyAsync([Event("1,\"key\":\"k\"")], cancellationToken: CancellationToken));
        Assert.Empty(await nowhere.PublishManyAsync([], cancellationToken: CancellationToken));
    }

    [Fact]
    public async Task Lines_are_sent_as_they_are()
    {
        IReadOnlyList<PublishedLine> results = await _client.PublishManyAsync("\n{\"event\":\"Built\",\"body\": 1 }"u8.ToArray(), cancellationToken: CancellationToken);

        Assert.Equal(2, Assert.Single(results).Line);
        Assert.Equal("1", (await _client.GetEventAsync(results[0].EventId!, CancellationToken)).Body);
    }

    private static EventToPublish Event(string body, string? key = null) => new() { Type = "Built", Body = Encoding.UTF8.GetBytes(body), Key = key };
}
