using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Nyala.Server.Outbound.Channels;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Channels;

/// <summary><c>mailto:</c> hooks, from the subscription to the mail at a server on a socket.</summary>
public sealed class MailHookTests : IAsyncLifetime
{
    private readonly ScriptedSmtp _smtp = new();
    private readonly SignalClock _clock = new();
    private TestServer? _started;

    private TestServer Server => _started!;

    public async ValueTask InitializeAsync() => _started = await TestServer.StartAsync(
        options =>
        {
            (options.Channels.Mail.Host, options.Channels.Mail.Port, options.Channels.Mail.From, options.Channels.Mail.Tls) = ("localhost", _smtp.Port, "nyala@example.com", "none");
            options.PublicUrl = "https://deploy.example.com";
        },
        _clock);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await _smtp.DisposeAsync();
    }

    [Fact]
    public async Task A_mail_address_is_a_hook_like_any_other()
    {
        Reply hook = await Server.PostAsync("/api/hooks", Some.Hook("mailto:Ops@Example.COM", "PostDeployment"));
        Assert.Equal((201, "mailto:Ops@example.com", "mail", false), (hook.Code, hook["url"], hook["format"], hook.Json.TryGetProperty("secret", out _)));
        Assert.Equal(hook["id"], (await Server.PostAsync("/api/hooks", Some.Hook("mailto:Ops@example.com", "PostDeployment")))["id"]);

        await FailAsync("1");

        string mail = await _smtp.NextAsync();
        Assert.Contains("RCPT TO:<Ops@example.com>", mail, StringComparison.Ordinal);
        Assert.Contains("\nSubject: Deployment of shop failed: My fix\r\n", mail, StringComparison.Ordinal);
        Reply ping = await Server.SendAsync(HttpMethod.Post, $"/api/hooks/{hook["id"]}/ping");
        Assert.Contains("\nSubject: Test message from Nyala", await _smtp.NextAsync(), StringComparison.Ordinal);
        Assert.Equal("delivered", ping["state"]);
        Assert.Equal(200, (await Server.DeleteAsync("/api/hooks?url=mailto:Ops@example.com")).Code);
        Assert.Equal("[]", (await Server.GetAsync("/api/hooks")).Text);
    }

    [Fact]
    public async Task A_storm_within_a_minute_becomes_one_mail_and_every_delivery_is_recorded()
    {
        string hook = (await Server.PostAsync("/api/hooks", Some.Hook("mailto:ops@example.com", "PostDeployment")))["id"];
        await FailAsync("first");
        Assert.Contains("\nSubject: Deployment of shop failed", await _smtp.NextAsync(), StringComparison.Ordinal);
        foreach (int number in Enumerable.Range(1, 7))
        {
            await FailAsync($"storm-{number}");
        }

        Assert.False(_smtp.HasMail);
        string mail = await _clock.AdvanceUntilAsync(TimeSpan.FromSeconds(5), _smtp.NextAsync());
        await AllDeliveredAsync(hook, 8);

        Assert.Contains("\nSubject: 7 events at shop, 7 failed\r\n", mail, StringComparison.Ordinal);
        Assert.Equal(7, mail.Split("\r\n- Deployment of shop failed: My fix").Length - 1);
        Assert.False(_smtp.HasMail);
        foreach (DeliveryRecord delivery in await DeliveriesAsync(hook))
        {
            Reply shown = await Server.GetAsync($"/api/deliveries/{delivery.Id}");
            Assert.Equal(("delivered", "250", 1), (shown["state"], shown["last_status"], shown.Json.GetProperty("history").GetArrayLength()));
            Assert.Contains("\"subject\":\"Deployment of shop failed: My fix\"", shown["body"], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_storm_that_the_mail_server_refuses_for_now_is_sent_again_and_counts_as_one_failure()
    {
        string hook = (await Server.PostAsync("/api/hooks", Some.Hook("mailto:ops@example.com", "PostDeployment")))["id"];
        await FailAsync("first");
        await _smtp.NextAsync();
        _smtp.Answer("RCPT", "450 4.2.1 busy");
        foreach (int number in Enumerable.Range(1, 3))
        {
            await FailAsync($"storm-{number}");
        }

        await _clock.AdvanceUntilAsync(TimeSpan.FromSeconds(5), UntilAsync(tables => tables.Hooks.Find(Number(hook))!.Health.Failures == 1
            && tables.Deliveries.OfHook(Number(hook), 10).Count(delivery => delivery.Attempts == 1) == 4));
        _smtp.AnswerAsUsual("RCPT");
        await _clock.AdvanceUntilAsync(TimeSpan.FromSeconds(5), AllDeliveredAsync(hook, 4).ContinueWith(_ => true, TaskScheduler.Default));

        Assert.Contains("events at shop", await _smtp.NextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_about_other_events_has_another_Message_ID_and_lists_the_events_in_their_order()
    {
        string hook = (await Server.PostAsync("/api/hooks", Some.Hook("mailto:ops@example.com", "PostDeployment")))["id"];
        _smtp.Answer("BODY", null);
        await FailAsync("lost");
        await UntilAsync(tables => tables.Deliveries.OfHook(Number(hook), 1) is [{ Attempts: 1 }]);
        _smtp.AnswerAsUsual("BODY");
        Assert.Equal(202, (await Server.SendAsync(
            HttpMethod.Post, "/sites/shop/api/hooks/publish/PostDeployment", """{"id":"2","status":"success","message":"Mended","siteName":"shop"}""", ("Prefer", "respond-async"))).Code);

        string mail = await _clock.AdvanceUntilAsync(TimeSpan.FromSeconds(10), _smtp.NextAsync());

        string first = (await DeliveriesAsync(hook)).Min(delivery => delivery.Id).ToString(CultureInfo.InvariantCulture);
        Assert.Contains("Subject: 2 events at shop, 1 failed", mail, StringComparison.Ordinal);
        Assert.Matches($"Message-Id: <msg_{first}[.][0-9a-f]{{16}}@example.com>", mail);
        Assert.True(mail.IndexOf("failed: My fix", StringComparison.Ordinal) < mail.IndexOf("succeeded: Mended", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_recipient_that_does_not_exist_fails_the_delivery_with_the_servers_words()
    {
        _smtp.Answer("RCPT", "550 5.1.1 no such user");
        string hook = (await Server.PostAsync("/api/hooks", Some.Hook("mailto:ops@example.com", "PostDeployment")))["id"];

        await FailAsync("1");
        await UntilAsync(tables => tables.Deliveries.OfHook(Number(hook), 1) is [{ State: DeliveryState.Failed }]);

        Reply shown = await Server.GetAsync($"/api/hooks/{hook}");
        Assert.Equal(("active", "SMTP 550", "The SMTP server answered 550: 5.1.1 no such user"), (shown["state"], shown["last_status"], shown["last_reason"]));
    }

    [Theory]
    [InlineData("""{"url":"mailto:a@b.example,c@d.example"}""", "one address")]
    [InlineData("""{"url":"mailto:a@b.example\r\nBcc: c@d.example"}""", "'url' is not a valid mailto: url")]
    [InlineData("""{"url":"mailto:\"A B\" <a@b.example>"}""", "without quotes")]
    [InlineData("""{"url":"mailto:a@b.example?bcc=c@d.example"}""", "only the address")]
    [InlineData("""{"url":"mailto://a@b.example"}""", "without slashes")]
    [InlineData("""{"url":"mailto:a@b.example","format":"slack"}""", "The format 'slack' cannot be sent to a mailto: url.")]
    [InlineData("""{"url":"https://example.com/","format":"mail"}""", "needs a url that starts with mailto:")]
    [InlineData("""{"url":"mailto:a@b.example","headers":{"X-A":"b"}}""", "'headers' has no effect for a mailto: url.")]
    [InlineData("""{"url":"mailto:a@b.example","secret":"whsec_bXktc2VjcmV0LW9mLTMyLWJ5dGVzLTEyMzQ1Njc4OTA="}""", "'secret' has no effect")]
    [InlineData("""{"url":"tel:+4512345678"}""", "Channels:Phone:Account")]
    [InlineData("""{"url":"https://api.x.com/2/tweets"}""", "Channels:X:ConsumerKey")]
    public async Task A_subscription_that_could_not_be_sent_is_refused_and_says_what_to_do(string body, string reason)
    {
        JsonObject request = JsonNode.Parse(body)!.AsObject();
        request["event"] = "PostDeployment";

        Reply reply = await Server.PostAsync("/api/hooks", request);

        Assert.Equal(400, reply.Code);
        Assert.Contains(reason, reply["detail"], StringComparison.Ordinal);
        Assert.Equal("[]", (await Server.GetAsync("/api/hooks")).Text);
    }

    [Fact]
    public async Task A_mail_hook_has_no_secret_to_rotate_and_takes_no_header()
    {
        string hook = (await Server.PostAsync("/api/hooks", Some.Hook("mailto:ops@example.com", "PostDeployment")))["id"];

        Assert.Equal(409, (await Server.SendAsync(HttpMethod.Post, $"/api/hooks/{hook}/rotate-secret")).Code);
        Assert.Equal(400, (await Server.SendAsync(HttpMethod.Patch, $"/api/hooks/{hook}", """{"headers":{"X-A":"b"}}""")).Code);
        Assert.Equal(400, (await Server.SendAsync(HttpMethod.Patch, $"/api/hooks/{hook}", """{"format":"slack"}""")).Code);
        Assert.Equal("mail", (await Server.SendAsync(HttpMethod.Patch, $"/api/hooks/{hook}", """{"description":"ops"}"""))["format"]);
    }

    [Fact]
    public async Task An_account_that_was_removed_keeps_the_deliveries()
    {
        string hook = (await Server.PostAsync("/api/hooks", Some.Hook("mailto:ops@example.com", "PostDeployment")))["id"];
        Server.Server.Services.GetRequiredService<ChannelOptions>().Mail.Host = "";

        await FailAsync("1");
        await UntilAsync(tables => tables.Hooks.Find(Number(hook))!.Last is not null);

        Assert.Contains("Channels:Mail:Host", (await Server.GetAsync($"/api/hooks/{hook}"))["last_reason"], StringComparison.Ordinal);
        Assert.Equal(DeliveryState.Pending, Assert.Single(await DeliveriesAsync(hook)).State);
    }

    [Fact]
    public async Task The_preview_shows_the_mail_and_sends_none()
    {
        Reply preview = await Server.PostAsync("/api/hooks/preview?sample=broke", Some.Hook("mailto:ops@example.com", "PostDeployment"));

        Assert.Equal(("mail", "MAIL", "mailto:ops@example.com"), (preview["format"], preview["method"], preview["url"]));
        Assert.Contains("npm test exited with code 1", preview["body"], StringComparison.Ordinal);
        Assert.Contains("Broken: deployment of default failed", preview["headers"], StringComparison.Ordinal);
        Assert.False(_smtp.HasMail);
    }

    private static long Number(string hook) => long.Parse(hook, CultureInfo.InvariantCulture);

    private async Task FailAsync(string id) => Assert.Equal(202, (await Server.SendAsync(
        HttpMethod.Post, "/sites/shop/api/hooks/publish/PostDeployment",
        $$"""{"id":"{{id}}","status":"failed","statusText":"exit code 1","message":"My fix","siteName":"shop"}""", ("Prefer", "respond-async"))).Code);

    private Task<IReadOnlyList<DeliveryRecord>> DeliveriesAsync(string hook) =>
        Server.Store.ReadAsync(tables => tables.Deliveries.OfHook(Number(hook), 1000), TestContext.Current.CancellationToken);

    private Task<bool> AllDeliveredAsync(string hook, int count) => UntilAsync(
        tables => tables.Deliveries.OfHook(Number(hook), 1000) is var all && all.Count == count && all.All(delivery => delivery.State == DeliveryState.Delivered));

    private async Task<bool> UntilAsync(Func<ITables, bool> reached)
    {
        using var limit = new CancellationTokenSource(Signals.Limit);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!await Server.Store.ReadAsync(reached, TestContext.Current.CancellationToken))
        {
            Assert.True(await look.WaitForNextTickAsync(limit.Token));
        }

        return true;
    }
}
