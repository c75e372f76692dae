using Nyala.Client;
using Nyala.Tests.Support;

namespace Nyala.Tests.Hooks;

/// <summary><c>POST /api/hooks/{id}/rotate-secret</c>: which secrets sign, and until when.</summary>
public sealed class RotateSecretTests : IAsyncLifetime
{
    private readonly SignalClock _clock = new();
    private TestServer? _server;
    private Receiver? _receiver;
    private string _id = "";
    private string _first = "";

    private TestServer Server => _server!;

    private Receiver Receiver => _receiver!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(clock: _clock);
        _receiver = await Receiver.StartAsync();
        Reply hook = await Server.PostAsync("/api/hooks", Some.Hook(Receiver.Url.AbsoluteUri));
        (_id, _first) = (hook["id"], hook["secret"]);
    }

    public async ValueTask DisposeAsync()
    {
        await Receiver.DisposeAsync();
        await Server.DisposeAsync();
    }

    [Fact]
    public async Task Both_secrets_sign_for_24_hours_and_then_only_the_new_one()
    {
        Reply rotated = await RotateAsync("");
        string second = rotated["secret"];
        Assert.Equal((200, false), (rotated.Code, second == _first));
        Assert.Equal(_clock.GetUtcNow().AddHours(24), DateTimeOffset.Parse(rotated["secret_old_until"], null));

        Assert.Equal("yes yes", await SignedByAsync(second, _first));
        _clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromTicks(1));
        Assert.Equal("yes yes", await SignedByAsync(second, _first));
        _clock.Advance(TimeSpan.FromTicks(1));

        Assert.Equal("yes no", await SignedByAsync(second, _first));
        Reply read = await Server.GetAsync($"/api/hooks/{_id}");
        Assert.Equal("", read["secret_old_until"]);
        Assert.False(read.Json.TryGetProperty("secret", out _));
    }

    [Theory]
    [InlineData("\"0\"", 0)]
    [InlineData("0", 0)]
    [InlineData("\"0s\"", 0)]
    [InlineData("\"90m\"", 90)]
    [InlineData("\"30d\"", 30 * 24 * 60)]
    public async Task The_old_secret_signs_for_the_requested_overlap(string overlap, int minutes)
    {
        Reply rotated = await RotateAsync($$"""{"overlap":{{overlap}}}""");

        Assert.Equal(200, rotated.Code);
        Assert.Equal(minutes == 0 ? "" : Nyala.Client.Json.KuduTime.Format(_clock.GetUtcNow().AddMinutes(minutes)), rotated["secret_old_until"]);
        Assert.Equal(minutes > 0 ? "yes yes" : "yes no", await SignedByAsync(rotated["secret"], _first));
    }

    [Fact]
    public async Task After_two_rotations_only_the_two_newest_secrets_sign()
    {
        string second = (await RotateAsync(""))["secret"];
        string third = (await RotateAsync(""))["secret"];

        Assert.Equal("yes yes no", await SignedByAsync(third, second, _first));
    }

    [Fact]
    public async Task A_given_secret_is_used_and_giving_it_again_changes_nothing()
    {
        string own = WebhookSecret.Create();
        Reply rotated = await RotateAsync($$"""{"secret":"{{own}}"}""");
        Assert.Equal(own, rotated["secret"]);
        _clock.Advance(TimeSpan.FromHours(1));

        Reply again = await RotateAsync($$"""{"secret":"{{own}}","overlap":"0"}""");

        Assert.Equal((200, own, rotated["secret_old_until"]), (again.Code, again["secret"], again["secret_old_until"]));
        Assert.Equal("yes yes", await SignedByAsync(own, _first));
    }

    [Fact]
    public async Task After_two_concurrent_rotations_both_new_secrets_sign()
    {
        Reply[] replies = await Task.WhenAll(RotateAsync(""), RotateAsync(""));

        Assert.All(replies, reply => Assert.Equal(200, reply.Code));
        Assert.Equal("yes yes", await SignedByAsync(replies[0]["secret"], replies[1]["secret"]));
    }

    [Fact]
    public async Task A_rotation_survives_a_restart()
    {
        string second = (await RotateAsync(""))["secret"];

        await Server.RestartAsync();

        Assert.Equal("yes yes", await SignedByAsync(second, _first));
    }

    [Fact]
    public async Task Refused_rotations_return_the_approved_errors()
    {
        string[] bodies =
        [
            "[]", """{"secret":"whsec_1","overlap":"31d","overlaps":1}""", """{"overlap":"-1h"}""", """{"overlap":"soon"}""", """{"overlap":24}""",
        ];
        var replies = new List<string>();
        foreach (string body in bodies)
        {
            Reply reply = await RotateAsync(body);
            Assert.Equal(400, reply.Code);
            replies.Add(reply.Text);
        }

        Assert.Equal("yes", await SignedByAsync(_first));
        Approved.Json($"[{string.Join(',', replies)}]");
    }

    private Task<Reply> RotateAsync(string body) => Server.SendAsync(HttpMethod.Post, $"/api/hooks/{_id}/rotate-secret", body);

    /// <summary>Publishes an event. Returns yes or no for each secret: whether a receiver that knows only this secret can verify the request.</summary>
    private async Task<string> SignedByAsync(params string[] secrets)
    {
        Assert.Equal(200, (await Server.SendAsync(HttpMethod.Post, "/api/hooks/publish/PostDeployment", "{}")).Code);
        Received received = await Receiver.NextAsync();
        return string.Join(' ', secrets.Select(secret =>
            new WebhookVerifier([secret], clock: _clock).Verify(received.Body, received.Header) == WebhookVerdict.Genuine ? "yes" : "no"));
    }
}
