using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Nyala.Server.Outbound.Channels;
using Nyala.Server.Outbound.Channels.Phone;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Channels;

/// <summary>Calls, text messages and posts on X, at stand-ins that check the sign-in and the form as the services document them.</summary>
public sealed class AccountHookTests : IAsyncLifetime
{
    private Receiver? _receiver;
    private TestServer? _started;

    private Receiver Service => _receiver!;

    private TestServer Server => _started!;

    public async ValueTask InitializeAsync()
    {
        _receiver = await Receiver.StartAsync();
        string place = Service.Url.GetLeftPart(UriPartial.Authority);
        _started = await TestServer.StartAsync(options =>
        {
            (options.Channels.Phone.Account, options.Channels.Phone.Token, options.Channels.Phone.From, options.Channels.Phone.BaseUrl) = ("AC42", "secret", "+15005550006", place);
            (options.Channels.X.ConsumerKey, options.Channels.X.ConsumerSecret, options.Channels.X.Token, options.Channels.X.TokenSecret, options.Channels.X.BaseUrl) =
                ("app", "app secret", "user", "user&secret", place);
        });
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Service.DisposeAsync();
    }

    [Theory]
    [InlineData("tel:+45-1234-5678", "tel:+4512345678", "call", "/2010-04-01/Accounts/AC42/Calls.json", "Twiml")]
    [InlineData("sms:+4512345678", "sms:+4512345678", "sms", "/2010-04-01/Accounts/AC42/Messages.json", "Body")]
    public async Task A_phone_number_is_a_hook_that_calls_or_sends_a_text_message(string url, string kept, string format, string path, string field)
    {
        Service.AnswerNext(new Answer(201, """{"sid":"1","status":"queued"}"""));
        Reply hook = await Server.PostAsync("/api/hooks", Some.Hook(url, "PostDeployment"));
        Assert.Equal((201, kept, format), (hook.Code, hook["url"], hook["format"]));

        await PublishAsync("failed");

        Received request = await Service.NextAsync();
        Assert.Equal(("POST", path, "application/x-www-form-urlencoded"), (request.Method, request.PathAndQuery, request.Header("Content-Type")));
        Assert.Equal("Basic " + Convert.ToBase64String("AC42:secret"u8), request.Header("Authorization"));
        Dictionary<string, string> form = request.Text.Split('&').Select(part => part.Split('=')).ToDictionary(part => part[0], part => Uri.UnescapeDataString(part[1]));
        Assert.Equal(("+4512345678", "+15005550006"), (form["To"], form["From"]));
        Assert.Contains("Deployment of shop failed", form[field], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_post_on_X_is_signed_for_the_account()
    {
        Service.AnswerNext(new Answer(201, """{"data":{"id":"1"}}"""));
        string url = $"{Service.Url.GetLeftPart(UriPartial.Authority)}/2/tweets";
        JsonObject hook = Some.Hook(url, "PostDeployment");
        hook["format"] = "x";
        Assert.Equal(201, (await Server.PostAsync("/api/hooks", hook)).Code);

        await PublishAsync("success");

        Received request = await Service.NextAsync();
        Assert.Equal("/2/tweets", request.PathAndQuery);
        Assert.Contains("Deployment of shop succeeded", request["text"], StringComparison.Ordinal);
        CheckSignature(url, request.Header("Authorization")!);
    }

    [Fact]
    public async Task The_account_of_X_signs_for_no_other_address()
    {
        JsonObject hook = Some.Hook("https://elsewhere.example/2/tweets", "PostDeployment");
        hook["format"] = "x";

        Reply reply = await Server.PostAsync("/api/hooks", hook);

        Assert.Equal(400, reply.Code);
        Assert.Contains($"The url of the format 'x' is {Service.Url.GetLeftPart(UriPartial.Authority)}/2/tweets.", reply.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_who_answered_stop_ends_the_hook()
    {
        Service.AnswerNext(new Answer(400, """{"code":21610,"message":"Attempt to send to unsubscribed recipient","status":400}"""));
        string hook = (await Server.PostAsync("/api/hooks", Some.Hook("sms:+4512345678", "PostDeployment")))["id"];

        Assert.Equal("gone", (await Server.SendAsync(HttpMethod.Post, $"/api/hooks/{hook}/ping"))["state"]);

        Reply shown = await Server.GetAsync($"/api/hooks/{hook}");
        Assert.Equal(("gone", "The person no longer wants text messages (Twilio's error 21610)."), (shown["state"], shown["state_reason"]));
    }

    [Fact]
    public async Task A_call_that_was_kept_while_the_account_was_missing_has_both_numbers_afterwards()
    {
        JsonObject request = Some.Hook("tel:+4512345678", "PostDeployment");
        request["rate"] = 60_000;
        string hook = (await Server.PostAsync("/api/hooks", request))["id"];
        PhoneOptions phone = Server.Server.Services.GetRequiredService<ChannelOptions>().Phone;
        phone.Account = "";
        await PublishAsync("failed");
        await UntilAsync(tables => tables.Hooks.Find(long.Parse(hook, CultureInfo.InvariantCulture))!.Last is not null);

        phone.Account = "AC42";
        await Server.SendAsync(HttpMethod.Patch, $"/api/hooks/{hook}", """{"description":"again"}""");

        Received call = await Service.NextAsync();
        Assert.StartsWith("To=%2B4512345678&From=%2B15005550006&", call.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_refuses_the_account_does_not_count_against_the_hook()
    {
        Service.AnswerNext(new Answer(401, """{"code":20003,"message":"Authenticate"}"""));
        string hook = (await Server.PostAsync("/api/hooks", Some.Hook("sms:+4512345678", "PostDeployment")))["id"];
        await PublishAsync("failed");
        await UntilAsync(tables => tables.Hooks.Find(long.Parse(hook, CultureInfo.InvariantCulture))!.Last is not null);

        Reply shown = await Server.GetAsync($"/api/hooks/{hook}");
        Assert.Equal(("active", "Unauthorized", ""), (shown["state"], shown["last_status"], shown["failing_since"]));
    }

    [Fact]
    public async Task A_token_file_that_cannot_be_read_is_the_servers_fault_and_is_named()
    {
        PhoneOptions phone = Server.Server.Services.GetRequiredService<ChannelOptions>().Phone;
        (phone.Token, phone.TokenFile) = ("", "/nowhere/token");

        Reply test = await Server.PostAsync("/api/channels/test", new JsonObject { ["url"] = "tel:+4512345678" });
        Reply preview = await Server.PostAsync("/api/hooks/preview?sample=failed", Some.Hook("tel:+4512345678", "PostDeployment"));

        Assert.Equal(("False", "The file that Channels:Phone:TokenFile names cannot be read."), (test["accepted"], test["reason"]));
        Assert.Equal(200, preview.Code);
    }

    [Theory]
    [InlineData("""{"headers":{"Authorization":"Bearer x"}}""", "'headers' has no effect")]
    [InlineData("""{"insecure_ssl":true}""", "'insecure_ssl' has no effect")]
    public async Task A_post_on_X_takes_nothing_that_could_weaken_the_request_of_the_account(string more, string reason)
    {
        JsonObject hook = JsonNode.Parse(more)!.AsObject();
        (hook["url"], hook["event"], hook["format"]) = ($"{Service.Url.GetLeftPart(UriPartial.Authority)}/2/tweets", "PostDeployment", "x");

        Reply reply = await Server.PostAsync("/api/hooks", hook);

        Assert.Equal(400, reply.Code);
        Assert.Contains(reason, reply.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hook_that_no_longer_leads_to_the_accounts_service_gets_no_signature()
    {
        JsonObject hook = Some.Hook($"{Service.Url.GetLeftPart(UriPartial.Authority)}/2/tweets", "PostDeployment");
        hook["format"] = "x";
        string id = (await Server.PostAsync("/api/hooks", hook))["id"];
        Server.Server.Services.GetRequiredService<ChannelOptions>().X.BaseUrl = "https://elsewhere.example";

        Reply ping = await Server.SendAsync(HttpMethod.Post, $"/api/hooks/{id}/ping");

        Assert.Equal(("failed", "The url of the format 'x' is https://elsewhere.example/2/tweets."), (ping["state"], ping["last_reason"]));
        Assert.Equal(0, Service.Count);
    }

    [Fact]
    public async Task Test_messages_count_for_the_rate_of_the_account()
    {
        Server.Server.Services.GetRequiredService<ChannelOptions>().Phone.Rate = 1;

        Reply first = await Server.PostAsync("/api/channels/test", new JsonObject { ["url"] = "tel:+4512345678" });
        Reply second = await Server.PostAsync("/api/channels/test", new JsonObject { ["url"] = "tel:+4512345678" });

        Assert.Equal((200, 429), (first.Code, second.Code));
    }

    [Fact]
    public async Task The_channels_show_accounts_without_credentials()
    {
        Reply channels = await Server.GetAsync("/api/channels");

        Assert.Equal(["http", "mail", "phone", "x"], channels.Json.EnumerateArray().Select(channel => channel.GetProperty("name").GetString()));
        Assert.Equal([true, false, true, true], channels.Json.EnumerateArray().Select(channel => channel.GetProperty("configured").GetBoolean()));
        Assert.DoesNotContain("secret", channels.Text, StringComparison.Ordinal);
        Assert.Contains("Set Channels:Mail:Host", channels.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_test_message_shows_the_answer_and_leaves_nothing_behind()
    {
        Server.Server.Services.GetRequiredService<ChannelOptions>().Phone.Rate = 60_000;
        Service.AnswerNext(new Answer(201, """{"sid":"1"}"""), new Answer(401, """{"code":20003,"message":"Authenticate"}"""));

        Reply accepted = await Server.PostAsync("/api/channels/test", new JsonObject { ["url"] = "tel:+4512345678" });
        Reply refused = await Server.PostAsync("/api/channels/test", new JsonObject { ["url"] = "sms:+4512345678" });

        Assert.Equal(("call", "True", "201"), (accepted["format"], accepted["accepted"], accepted["status"]));
        Assert.Equal(("False", "401"), (refused["accepted"], refused["status"]));
        Assert.Contains("Authenticate (error 20003)", refused["reason"], StringComparison.Ordinal);
        Assert.Equal(("[]", "[]"), ((await Server.GetAsync("/api/hooks?state=all")).Text, (await Server.GetAsync("/api/deliveries")).Text));
    }

    [Theory]
    [InlineData("{}", "'url' is missing")]
    [InlineData("""{"url":"mailto:a@b.example"}""", "Channels:Mail:Host")]
    [InlineData("""{"url":"tel:12"}""", "international")]
    [InlineData("""{"url":"https://events.pagerduty.com/v2/enqueue"}""", "needs 'routing_key'")]
    [InlineData("""{"url":"sms:+4512345678","format":"sms"}""", "'format' is not a field")]
    public async Task A_test_that_cannot_be_sent_is_refused(string body, string reason)
    {
        Reply reply = await Server.SendAsync(HttpMethod.Post, "/api/channels/test", body);

        Assert.Equal(400, reply.Code);
        Assert.Contains(reason, reply.Reason, StringComparison.Ordinal);
    }

    private async Task UntilAsync(Func<ITables, bool> reached)
    {
        using var limit = new CancellationTokenSource(Signals.Limit);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!await Server.Store.ReadAsync(reached, TestContext.Current.CancellationToken))
        {
            Assert.True(await look.WaitForNextTickAsync(limit.Token));
        }
    }

    private async Task PublishAsync(string status) => Assert.Equal(HttpStatusCode.Accepted, (await Server.SendAsync(
        HttpMethod.Post, "/sites/shop/api/hooks/publish/PostDeployment", $$"""{"id":"1","status":"{{status}}","siteName":"shop"}""", ("Prefer", "respond-async"))).Status);

    /// <summary>Checks the signature as RFC 5849 describes the server's side: from the header's own parameters, for a URL without a query.</summary>
    private static void CheckSignature(string url, string header)
    {
        Assert.StartsWith("OAuth ", header, StringComparison.Ordinal);
        Dictionary<string, string> sent = header["OAuth ".Length..].Split(", ").Select(part => part.Split('=', 2)).ToDictionary(part => part[0], part => Uri.UnescapeDataString(part[1].Trim('"')));
        Assert.Equal(("app", "user", "HMAC-SHA1", "1.0"), (sent["oauth_consumer_key"], sent["oauth_token"], sent["oauth_signature_method"], sent["oauth_version"]));
        Assert.InRange(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - long.Parse(sent["oauth_timestamp"], CultureInfo.InvariantCulture), -300, 300);
        string parameters = string.Join('&', sent.Where(part => part.Key != "oauth_signature").OrderBy(part => part.Key, StringComparer.Ordinal).Select(part => $"{part.Key}={Uri.EscapeDataString(part.Value)}"));
        string text = $"POST&{Uri.EscapeDataString(url)}&{Uri.EscapeDataString(parameters)}";
#pragma warning disable CA5350 // The service accepts no other signature.
        byte[] expected = HMACSHA1.HashData(Encoding.ASCII.GetBytes("app%20secret&user%26secret"), Encoding.ASCII.GetBytes(text));
#pragma warning restore CA5350
        Assert.Equal(Convert.ToBase64String(expected), sent["oauth_signature"]);
    }
}
