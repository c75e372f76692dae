using System.Text.Json;
using System.Text.Json.Nodes;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Hooks;

/// <summary><c>POST /api/hooks</c>.</summary>
public sealed class SubscribeTests(SharedServer shared)
{
    private const string OwnSecret = "whsec_MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY=";

    private readonly TestServer _server = shared.Server;
    private readonly string _hooks = $"/sites/{Some.Site()}/api/hooks";

    [Fact]
    public async Task Subscribe_returns_201_with_the_absolute_Location_of_the_hook()
    {
        Reply reply = await _server.PostAsync(_hooks, Some.Hook());

        Assert.Equal(201, reply.Code);
        Assert.Equal($"{_server.Address.AbsoluteUri.TrimEnd('/')}{_hooks}/{reply["id"]}", reply.Headers["Location"]);
        Assert.Equal(reply["id"], (await _server.GetAsync(reply.Headers["Location"]))["id"]);
    }

    [Fact]
    public async Task The_id_is_a_string_of_digits_and_not_the_id_that_the_client_sent()
    {
        JsonObject hook = Some.Hook();
        hook["id"] = "123";

        Reply reply = await _server.PostAsync(_hooks, hook);

        JsonElement id = reply.Json.GetProperty("id");
        Assert.Equal(JsonValueKind.String, id.ValueKind);
        Assert.Matches("^[0-9]+$", id.GetString());
        Assert.NotEqual("123", id.GetString());
    }

    [Fact]
    public async Task A_hook_that_was_never_called_has_null_last_fields_and_Kudus_first_date()
    {
        Reply reply = await _server.PostAsync(_hooks, Some.Hook());

        Assert.Contains("""
            "last_status":null,"last_reason":null,"last_datetime":"0001-01-01T00:00:00","last_context":null
            """, reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Subscribing_the_same_url_and_event_in_any_case_returns_the_existing_hook()
    {
        string url = Some.Url();
        Reply first = await _server.PostAsync(_hooks, Some.Hook(url));

        Reply again = await _server.PostAsync(_hooks, Some.Hook(url.ToUpperInvariant(), "POSTdeployment"));

        Assert.Equal(201, again.Code);
        Assert.Equal(first["id"], again["id"]);
        Assert.Equal(url, again["url"]);
        Assert.Equal("PostDeployment", again["event"]);
        Assert.Equal(first.Headers["Location"], again.Headers["Location"]);
        Assert.Single((await _server.GetAsync(_hooks)).Json.EnumerateArray());
    }

    [Fact]
    public async Task Subscribing_again_applies_the_settings_that_were_sent()
    {
        JsonObject hook = Some.Hook();
        Reply first = await _server.PostAsync(_hooks, hook);
        hook["insecure_ssl"] = true;
        hook["secret"] = OwnSecret;

        Reply again = await _server.PostAsync(_hooks, hook);

        Assert.Equal(first["id"], again["id"]);
        Assert.Equal("False", first["insecure_ssl"]);
        Assert.Equal("True", again["insecure_ssl"]);
        Assert.Equal(OwnSecret, again["secret"]);
        Assert.Equal("True", (await _server.GetAsync($"{_hooks}/{first["id"]}"))["insecure_ssl"]);
    }

    [Fact]
    public async Task Subscribing_again_keeps_the_settings_that_were_not_sent()
    {
        JsonObject hook = Some.Hook();
        hook["insecure_ssl"] = true;
        Reply first = await _server.PostAsync(_hooks, hook);
        hook["insecure_ssl"] = null;

        Reply again = await _server.PostAsync(_hooks, hook);

        Assert.Equal("True", again["insecure_ssl"]);
        Assert.Equal(first["secret"], again["secret"]);
    }

    [Fact]
    public async Task Subscribing_a_url_to_another_event_returns_409_and_names_the_existing_hook()
    {
        string url = Some.Url();
        Reply first = await _server.PostAsync(_hooks, Some.Hook(url));

        Reply reply = await _server.PostAsync(_hooks, Some.Hook(url, "TriggeredJobFinished"));

        Assert.Equal(409, reply.Code);
        Assert.Equal("application/problem+json", reply.ContentType);
        Assert.Contains(first["id"], reply.Reason, StringComparison.Ordinal);
        Assert.Contains("'PostDeployment'", reply.Reason, StringComparison.Ordinal);
        Assert.Equal("PostDeployment", (await _server.GetAsync($"{_hooks}/{first["id"]}"))["event"]);
        Assert.Single((await _server.GetAsync(_hooks)).Json.EnumerateArray());
    }

    [Fact]
    public async Task Subscribing_the_same_url_at_another_site_creates_another_hook()
    {
        string url = Some.Url();
        Reply here = await _server.PostAsync(_hooks, Some.Hook(url));

        Reply there = await _server.PostAsync($"/sites/{Some.Site()}/api/hooks", Some.Hook(url, "Ping"));

        Assert.Equal(201, there.Code);
        Assert.NotEqual(here["id"], there["id"]);
    }

    [Theory]
    [InlineData("""{"URL":"$","Event":"PostDeployment","Insecure_SSL":true}""")]
    [InlineData("""{"Url":"$","EVENT":"PostDeployment","insecure_ssl":"true"}""")]
    [InlineData("""{"url":"$","event":"PostDeployment","insecure_ssl":"True"}""")]
    [InlineData("""{"url":"$","event":"PostDeployment","insecure_ssl":true,"colour":"blue","nested":{"url":[1]}}""")]
    [InlineData("""{"url":"$","event":"PostDeployment","insecure_ssl":true,"secret":null,"last_status":null,"id":null}""")]
    [InlineData("""{"url":"$","event":"PostDeployment","insecure_ssl":true,"last_datetime":"0001-01-01T00:00:00","last_context":"x"}""")]
    public async Task Fields_match_in_any_case_booleans_can_be_strings_and_unknown_fields_are_ignored(string body)
    {
        string url = Some.Url();

        Reply reply = await _server.SendAsync(HttpMethod.Post, _hooks, body.Replace("$", url, StringComparison.Ordinal));

        Assert.Equal(201, reply.Code);
        Assert.Equal(url, reply["url"]);
        Assert.Equal("PostDeployment", reply["event"]);
        Assert.Equal("True", reply["insecure_ssl"]);
        Assert.Equal("", reply["last_status"]);
    }

    [Theory]
    [InlineData("""{"url":"$","event":"PostDeployment","insecure_ssl":"false"}""")]
    [InlineData("""{"url":"$","event":"PostDeployment","insecure_ssl":false}""")]
    [InlineData("""{"url":"$","event":"PostDeployment"}""")]
    public async Task The_field_insecure_ssl_is_false_unless_the_request_sets_it_to_true(string body)
    {
        Reply reply = await _server.SendAsync(HttpMethod.Post, _hooks, body.Replace("$", Some.Url(), StringComparison.Ordinal));

        Assert.Equal("False", reply["insecure_ssl"]);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/vnd.api+json")]
    public async Task Subscribe_accepts_any_content_type(string contentType)
    {
        using var content = new StringContent(Some.Hook().ToJsonString());
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);

        Reply reply = await _server.SendAsync(HttpMethod.Post, _hooks, content);

        Assert.Equal(201, reply.Code);
    }

    [Fact]
    public async Task A_url_is_trimmed()
    {
        string url = Some.Url();

        Reply reply = await _server.PostAsync(_hooks, Some.Hook($" \t{url}\r\n"));

        Assert.Equal(url, reply["url"]);
    }

    [Fact]
    public async Task Subscribe_returns_400_if_the_url_has_more_than_4096_characters()
    {
        string longest = "http://127.0.0.1:9/".PadRight(4096, 'x');

        Reply taken = await _server.PostAsync(_hooks, Some.Hook(longest));
        Reply refused = await _server.PostAsync(_hooks, Some.Hook(longest + "x"));

        Assert.Equal(longest, taken["url"]);
        Assert.Equal(400, refused.Code);
        Assert.Contains("'url' has 4097 characters; the maximum is 4096", refused.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("PostDeployment")]
    [InlineData("TriggeredJobFinished")]
    [InlineData("my.own:event_type-1")]
    public async Task Any_event_type_can_be_subscribed(string type)
    {
        Reply reply = await _server.PostAsync(_hooks, Some.Hook(type: type));

        Assert.Equal(201, reply.Code);
        Assert.Equal(type, reply["event"]);
    }

    [Fact]
    public async Task Every_hook_gets_its_own_secret_which_only_the_201_response_shows()
    {
        Reply one = await _server.PostAsync(_hooks, Some.Hook());
        Reply other = await _server.PostAsync(_hooks, Some.Hook());

        Assert.Matches("^whsec_[A-Za-z0-9+/=]{32,}$", one["secret"]);
        Assert.NotEqual(one["secret"], other["secret"]);
        Assert.DoesNotContain("whsec_", (await _server.GetAsync($"{_hooks}/{one["id"]}")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("whsec_", (await _server.GetAsync(_hooks)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_can_choose_the_secret()
    {
        JsonObject hook = Some.Hook();
        hook["secret"] = OwnSecret;

        Reply reply = await _server.PostAsync(_hooks, hook);

        Assert.Equal(OwnSecret, reply["secret"]);
    }

    [Theory]
    [InlineData(nameof(HookState.Gone))]
    [InlineData(nameof(HookState.Disabled))]
    public async Task Subscribing_again_activates_a_gone_or_disabled_hook(string state)
    {
        JsonObject hook = Some.Hook();
        Reply first = await _server.PostAsync(_hooks, hook);
        await SetStateAsync(first["id"], Enum.Parse<HookState>(state));

        Reply again = await _server.PostAsync(_hooks, hook);

        Assert.Equal(first["id"], again["id"]);
        Assert.Equal("active", again["state"]);
        Assert.Equal("active", (await _server.GetAsync($"{_hooks}/{first["id"]}"))["state"]);
    }

    [Fact]
    public async Task The_url_of_a_gone_hook_can_be_subscribed_to_another_event()
    {
        string url = Some.Url();
        Reply gone = await _server.PostAsync(_hooks, Some.Hook(url));
        await SetStateAsync(gone["id"], HookState.Gone);

        Reply reply = await _server.PostAsync(_hooks, Some.Hook(url, "AnotherEvent"));

        Assert.Equal(201, reply.Code);
        Assert.NotEqual(gone["id"], reply["id"]);
        Assert.Equal(404, (await _server.GetAsync($"{_hooks}/{gone["id"]}")).Code);
    }

    [Fact]
    public async Task Subscribe_returns_400_for_a_masked_password_and_keeps_the_hook()
    {
        Reply first = await _server.PostAsync(_hooks, Some.Hook("https://me:true@hooks.example.com/masked"));

        Reply reply = await _server.PostAsync(_hooks, Some.Hook(first["url"]));

        Assert.Equal(400, reply.Code);
        Assert.Contains("Send the real password", reply["detail"], StringComparison.Ordinal);
        Assert.Equal(first["url"], (await _server.GetAsync($"{_hooks}/{first["id"]}"))["url"]);
    }

    [Fact]
    public async Task Subscribing_again_leaves_a_paused_hook_paused()
    {
        JsonObject hook = Some.Hook();
        Reply first = await _server.PostAsync(_hooks, hook);
        await SetStateAsync(first["id"], HookState.Paused);

        Assert.Equal("paused", (await _server.PostAsync(_hooks, hook))["state"]);
    }

    [Fact]
    public async Task User_info_in_the_url_is_shown_with_its_password_masked()
    {
        const string Url = "https://me:p%40ss@hooks.example.com/x?a=%2F";

        Reply reply = await _server.PostAsync(_hooks, Some.Hook(Url));

        const string Masked = "https://me:***@hooks.example.com/x?a=%2F";
        Assert.Equal(Masked, reply["url"]);
        Assert.Equal(Masked, (await _server.GetAsync($"{_hooks}/{reply["id"]}"))["url"]);
        Assert.Equal(Masked, (await _server.GetAsync(_hooks)).Json[0].GetProperty("url").GetString());
    }

    [Fact]
    public async Task A_url_that_differs_only_in_user_info_is_the_same_hook()
    {
        Reply first = await _server.PostAsync(_hooks, Some.Hook("https://me:old@hooks.example.com/same"));

        Reply again = await _server.PostAsync(_hooks, Some.Hook("https://you:new@hooks.example.com/same"));

        Assert.Equal(first["id"], again["id"]);
        Assert.Equal("https://you:***@hooks.example.com/same", again["url"]);
    }

    private Task SetStateAsync(string id, HookState state) => _server.Store.WriteAsync(tables =>
    {
        tables.Hooks.SetState(long.Parse(id, null), state, null, DateTimeOffset.UnixEpoch);
        return true;
    });
}
