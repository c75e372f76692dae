using Nyala.Tests.Support;

namespace Nyala.Tests.Hooks;

/// <summary><c>DELETE /api/hooks/{id}</c>, <c>?url=</c> and by body.</summary>
public sealed class UnsubscribeTests(SharedServer shared)
{
    private const string Workflow = "https://prod-01.example.com:443/workflows/1/triggers/manual/run?api-version=2016&sp=%2Ftriggers&sv=1.0&sig=";

    private readonly TestServer _server = shared.Server;
    private readonly string _hooks = $"/sites/{Some.Site()}/api/hooks";

    [Fact]
    public async Task Deleting_a_hook_returns_200_without_a_body()
    {
        string id = (await _server.PostAsync(_hooks, Some.Hook()))["id"];

        Reply reply = await _server.DeleteAsync($"{_hooks}/{id}");

        Assert.Equal((200, ""), (reply.Code, reply.Text));
        Assert.Equal(404, (await _server.GetAsync($"{_hooks}/{id}")).Code);
        Assert.Equal("[]", (await _server.GetAsync(_hooks)).Text);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("9223372036854775808")]
    [InlineData("unknown")]
    public async Task Deleting_an_unknown_hook_returns_200_and_deletes_nothing(string id)
    {
        await _server.PostAsync(_hooks, Some.Hook());

        Reply reply = await _server.DeleteAsync($"{_hooks}/{id}");

        Assert.Equal((200, ""), (reply.Code, reply.Text));
        Assert.Single((await _server.GetAsync(_hooks)).Json.EnumerateArray());
    }

    [Fact]
    public async Task Deleting_a_hook_twice_returns_200()
    {
        string id = (await _server.PostAsync(_hooks, Some.Hook()))["id"];
        await _server.DeleteAsync($"{_hooks}/{id}");

        Assert.Equal(200, (await _server.DeleteAsync($"{_hooks}/{id}")).Code);
    }

    [Fact]
    public async Task A_site_cannot_delete_the_hook_of_another_site_but_the_root_can()
    {
        string id = (await _server.PostAsync(_hooks, Some.Hook()))["id"];

        Assert.Equal(200, (await _server.DeleteAsync($"/sites/{Some.Site()}/api/hooks/{id}")).Code);
        Assert.Equal(200, (await _server.GetAsync($"{_hooks}/{id}")).Code);
        Assert.Equal(200, (await _server.DeleteAsync($"/api/hooks/{id}")).Code);
        Assert.Equal(404, (await _server.GetAsync($"{_hooks}/{id}")).Code);
    }

    [Theory]
    [InlineData(Workflow + "Abc", Workflow + "Abc")]
    [InlineData(Workflow + "Abc", "  " + Workflow + "Abc ")]
    [InlineData("http://hooks.example.com/callback", "http://HOOKS.example.com/CALLBACK")]
    [InlineData("http://hooks.example.com/callback", "https://relay.example.com/?to=http://hooks.example.com/callback")]
    [InlineData(Workflow + "Abc", Workflow + "Renewed")]
    [InlineData(Workflow + "Abc&x=1", Workflow + "Renewed&x=1")]
    [InlineData("https://me:secret@hooks.example.com/callback", "https://hooks.example.com/callback")]
    [InlineData("https://me:secret@hooks.example.com/callback", "https://me:secret@hooks.example.com/callback")]
    [InlineData("https://me:secret@hooks.example.com/callback", "https://me:***@hooks.example.com/callback")]
    public async Task A_hook_is_deleted_by_its_url_in_the_query_or_in_the_body(string subscribed, string given)
    {
        await _server.PostAsync(_hooks, Some.Hook(subscribed));
        string kept = (await _server.PostAsync(_hooks, Some.Hook()))["id"];

        Reply byQuery = await _server.DeleteAsync($"{_hooks}?url={Uri.EscapeDataString(given)}");

        Assert.Equal((200, ""), (byQuery.Code, byQuery.Text));
        Assert.Equal(kept, OnlyId(await _server.GetAsync(_hooks)));

        await _server.PostAsync(_hooks, Some.Hook(subscribed));
        Reply byBody = await _server.SendAsync(HttpMethod.Delete, _hooks, Some.Hook(given).ToJsonString());

        Assert.Equal((200, ""), (byBody.Code, byBody.Text));
        Assert.Equal(kept, OnlyId(await _server.GetAsync(_hooks)));
    }

    [Theory]
    [InlineData("http://hooks.example.com/callback/2")]
    [InlineData("http://hooks.example.com/callback?sig=x&y=1")]
    [InlineData("callback")]
    public async Task Deleting_by_an_unknown_url_returns_200_and_deletes_nothing(string given)
    {
        string id = (await _server.PostAsync(_hooks, Some.Hook("http://hooks.example.com/callback")))["id"];

        Reply reply = await _server.DeleteAsync($"{_hooks}?url={Uri.EscapeDataString(given)}");

        Assert.Equal(200, reply.Code);
        Assert.Equal(id, OnlyId(await _server.GetAsync(_hooks)));
    }

    [Fact]
    public async Task An_exact_url_takes_precedence_over_a_url_with_another_signature()
    {
        string first = (await _server.PostAsync(_hooks, Some.Hook(Workflow + "One")))["id"];
        await _server.PostAsync(_hooks, Some.Hook(Workflow + "Two"));

        await _server.DeleteAsync($"{_hooks}?url={Uri.EscapeDataString(Workflow + "Two")}");

        Assert.Equal(first, OnlyId(await _server.GetAsync(_hooks)));
    }

    [Fact]
    public async Task A_hook_url_at_the_end_of_the_given_url_takes_precedence_over_another_signature()
    {
        const string Short = "http://hooks.example.com/c?a=1&sig=new";
        string other = (await _server.PostAsync(_hooks, Some.Hook($"https://relay.example.com/{Short.Replace("new", "old", StringComparison.Ordinal)}")))["id"];
        await _server.PostAsync(_hooks, Some.Hook(Short));

        await _server.DeleteAsync($"{_hooks}?url={Uri.EscapeDataString($"https://relay.example.com/{Short}")}");

        Assert.Equal(other, OnlyId(await _server.GetAsync(_hooks)));
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("", "{}")]
    [InlineData("", """{"url":null}""")]
    [InlineData("", """{"url":" "}""")]
    [InlineData("", """{"url":5}""")]
    [InlineData("", "[")]
    [InlineData("?url=", null)]
    public async Task Deleting_without_a_url_returns_400_and_deletes_nothing(string query, string? body)
    {
        string id = (await _server.PostAsync(_hooks, Some.Hook()))["id"];

        Reply reply = await _server.SendAsync(HttpMethod.Delete, _hooks + query, body);

        Assert.Equal(400, reply.Code);
        Assert.Equal("application/problem+json", reply.ContentType);
        Assert.Equal(id, OnlyId(await _server.GetAsync(_hooks)));
    }

    private static string OnlyId(Reply list) => Assert.Single(list.Json.EnumerateArray()).GetProperty("id").GetString()!;
}
