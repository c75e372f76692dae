using System.Text.Json;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Hooks;

/// <summary><c>GET /api/hooks</c> and <c>GET /api/hooks/{id}</c>.</summary>
public sealed class HookReadTests(SharedServer shared)
{
    private readonly TestServer _server = shared.Server;
    private readonly string _site = Some.Site();

    private string Hooks => $"/sites/{_site}/api/hooks";

    [Fact]
    public async Task The_list_has_the_hooks_of_the_site_oldest_first()
    {
        string first = (await _server.PostAsync(Hooks, Some.Hook()))["id"];
        string second = (await _server.PostAsync(Hooks, Some.Hook()))["id"];
        await _server.PostAsync($"/sites/{Some.Site()}/api/hooks", Some.Hook());

        Reply reply = await _server.GetAsync(Hooks);

        Assert.Equal(200, reply.Code);
        Assert.Equal("application/json; charset=utf-8", reply.ContentType);
        Assert.Equal([first, second], Ids(reply));
    }

    [Fact]
    public async Task The_list_of_a_site_without_hooks_is_empty()
    {
        Assert.Equal("[]", (await _server.GetAsync(Hooks)).Text);
    }

    [Fact]
    public async Task The_root_lists_the_hooks_of_every_site()
    {
        string here = (await _server.PostAsync(Hooks, Some.Hook()))["id"];
        string there = (await _server.PostAsync($"/sites/{Some.Site()}/api/hooks", Some.Hook()))["id"];

        string[] ids = Ids(await _server.GetAsync("/api/hooks"));

        Assert.Contains(here, ids);
        Assert.Contains(there, ids);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("9223372036854775807")]
    [InlineData("9223372036854775808")]
    [InlineData("-1")]
    [InlineData("unknown")]
    public async Task An_unknown_hook_returns_404(string id)
    {
        Reply reply = await _server.GetAsync($"{Hooks}/{id}");

        Assert.Equal(404, reply.Code);
        Assert.Equal("application/problem+json", reply.ContentType);
        Assert.Contains("There is no hook with this id here", reply.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hook_of_another_site_returns_404_but_the_root_shows_it()
    {
        string id = (await _server.PostAsync(Hooks, Some.Hook()))["id"];

        Assert.Equal(404, (await _server.GetAsync($"/sites/{Some.Site()}/api/hooks/{id}")).Code);
        Assert.Equal(200, (await _server.GetAsync($"/api/hooks/{id}")).Code);
    }

    [Theory]
    [InlineData(200, "OK")]
    [InlineData(204, "NoContent")]
    [InlineData(302, "Found")]
    [InlineData(404, "NotFound")]
    [InlineData(500, "InternalServerError")]
    [InlineData(599, "599")]
    public async Task The_last_status_is_the_name_or_number_of_the_response_status(int status, string name)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.AnswerAlways(status);
        string id = await _server.SubscribeAsync(receiver.Url, path: Hooks);

        Assert.Equal(200, (await _server.SendAsync(HttpMethod.Post, $"{Hooks}/publish/PostDeployment", """{"a":1}""")).Code);

        Reply hook = await _server.GetAsync($"{Hooks}/{id}");
        Assert.Equal(name, hook["last_status"]);
        Assert.Equal(status < 300, hook.Json.GetProperty("last_reason").ValueKind == JsonValueKind.Null);
    }

    [Fact]
    public async Task The_last_status_is_Failure_with_a_reason_if_there_was_no_response()
    {
        Receiver receiver = await Receiver.StartAsync();
        Uri url = receiver.Url;
        await receiver.DisposeAsync();
        string id = await _server.SubscribeAsync(url, path: Hooks);

        await _server.SendAsync(HttpMethod.Post, $"{Hooks}/publish/PostDeployment", "{}");

        Reply hook = await _server.GetAsync($"{Hooks}/{id}");
        Assert.Equal("Failure", hook["last_status"]);
        Assert.Equal("The connection was refused.", hook["last_reason"]);
    }

    [Fact]
    public async Task The_last_datetime_is_UTC_with_seven_digits_and_the_last_context_is_the_exact_body()
    {
        const string Posted = "{ \"text\" : \"Ünïcode <&> \\u0041\",\n \"number\":1.50 }";
        await using Receiver receiver = await Receiver.StartAsync();
        string id = await _server.SubscribeAsync(receiver.Url, path: Hooks);

        await _server.SendAsync(HttpMethod.Post, $"{Hooks}/publish/PostDeployment", Posted);

        Reply hook = await _server.GetAsync($"{Hooks}/{id}");
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$", hook["last_datetime"]);
        Assert.Equal(Posted, hook["last_context"]);
        Assert.Equal(Posted, (await _server.GetAsync(Hooks)).Json[0].GetProperty("last_context").GetString());
    }

    [Fact]
    public async Task A_hook_whose_receiver_responded_410_is_not_listed_and_not_called_again()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.AnswerAlways(410);
        string id = await _server.SubscribeAsync(receiver.Url, path: Hooks);

        await _server.SendAsync(HttpMethod.Post, $"{Hooks}/publish/PostDeployment", "{}");
        await _server.SendAsync(HttpMethod.Post, $"{Hooks}/publish/PostDeployment", "{}");

        Assert.Equal("[]", (await _server.GetAsync(Hooks)).Text);
        Assert.Equal("gone", (await _server.GetAsync($"{Hooks}/{id}"))["state"]);
        Assert.Equal(1, receiver.Count);
    }

    [Fact]
    public async Task Hooks_survive_a_restart()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using Receiver receiver = await Receiver.StartAsync();
        Reply before = await server.PostAsync("/api/hooks", Some.Hook(receiver.Url.AbsoluteUri));

        await server.RestartAsync();

        Reply after = await server.GetAsync($"/api/hooks/{before["id"]}");
        Assert.Equal(before["url"], after["url"]);
        Assert.Equal(before["created"], after["created"]);
        Assert.Equal(before["secret"], (await server.PostAsync("/api/hooks", Some.Hook(receiver.Url.AbsoluteUri)))["secret"]);
        HookRecord? record = await server.Store.ReadAsync(tables => tables.Hooks.FindByUrl(null, receiver.Url.AbsoluteUri), TestContext.Current.CancellationToken);
        Assert.DoesNotContain("whsec_", record!.Secret, StringComparison.Ordinal);
    }

    private static string[] Ids(Reply reply) => [.. reply.Json.EnumerateArray().Select(hook => hook.GetProperty("id").GetString()!)];
}
