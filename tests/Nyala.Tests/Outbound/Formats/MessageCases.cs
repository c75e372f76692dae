using System.Text;
using System.Text.Json;
using Nyala.Client;
using Nyala.Client.Json;
using Nyala.Server.Outbound.Formats;

namespace Nyala.Tests.Outbound.Formats;

/// <summary>Events whose messages are approved, for each format.</summary>
internal static class MessageCases
{
    private static readonly DateTimeOffset Start = new(2026, 2, 27, 17, 44, 25, TimeSpan.Zero);

    private static readonly DeploymentEvent Success = new()
    {
        Id = "982843aff56d37f2bfb9f532a9c0465031f4172d",
        Status = "success",
        AuthorEmail = "someone@example.com",
        Author = "Someone",
        Message = "Show prices with tax\n\nFixes the checkout page.",
        Deployer = "CI",
        ReceivedTime = Start,
        StartTime = Start,
        EndTime = Start.AddSeconds(125),
        LastSuccessEndTime = Start.AddSeconds(125),
        Complete = true,
        SiteName = "shop",
        HostName = "shop.example.com",
        Branch = "main",
        Url = "https://nyala.example.com/sites/shop/api/deployments/982843aff56d37f2bfb9f532a9c0465031f4172d",
    };

    private static readonly DeploymentEvent Failure = Success with { Status = "failed", StatusText = "npm test exited with code 1\n3 of 214 tests failed", LastSuccessEndTime = null };

    private const string Hostile =
        "@everyone <!channel> <@U123> <https://evil.example|click> [click](https://evil.example) **bold** `code` ``` <b>x</b> & \u202Egpj.exe \u0007";

    /// <summary>Every case by its name.</summary>
    public static IReadOnlyDictionary<string, EventContent> All { get; } = Contents().ToDictionary(
        one => one.Key, one => one.Value with { Id = 912976469544665088, Time = Start.AddSeconds(126), Site = "shop" });

    private static Dictionary<string, EventContent> Contents() => new()
    {
        ["success"] = Deployment(Success),
        ["failure"] = Deployment(Failure),
        ["failure with log"] = Deployment(Failure) with { LogTail = ["> npm test", "  checkout", "    ✓ adds tax", "    1) rounds @everyone <b>prices</b> ```", "", "3 of 214 tests failed"] },
        ["long log"] = Deployment(Failure) with { LogTail = [.. Enumerable.Range(1, 100).Select(line => $"line {line} " + new string('x', 90))] },
        ["success with log"] = Deployment(Success) with { LogTail = ["all is well"] },
        ["broke"] = Deployment(Failure with { Change = "broke" }),
        ["fixed"] = Deployment(Success with { Change = "fixed" }),
        ["still failing"] = Deployment(Failure with { Change = "still_failing" }),
        ["no commit"] = Deployment(Success with { Id = "20260227.3", Author = "", AuthorEmail = "", Message = "", Branch = "", Url = null }),
        ["very long"] = Deployment(Failure with
        {
            Message = string.Concat(Enumerable.Repeat("A very long first line. ", 400)),
            StatusText = string.Join('\n', Enumerable.Range(1, 2000).Select(line => $"error {line}: nothing works")),
            Branch = new string('b', 500),
            Author = string.Concat(Enumerable.Repeat("👩‍👩‍👧‍👦", 200)),
        }),
        ["hostile"] = Deployment(Failure with { Message = Hostile, Author = Hostile, Branch = Hostile, StatusText = Hostile + "\n```\n" + Hostile, Deployer = Hostile, HostName = Hostile }),
        ["right to left"] = Deployment(Success with { Message = "תיקון דף התשלום 🎉", Author = "משה כהן", Branch = "ענף/ראשי" }),
        ["started"] = new("DeploymentStarted", Json(Success with { Status = "building", EndTime = null, Complete = false })),
        ["ping"] = new("Ping", """{"id":"","status":"success","siteName":"shop","event":"Ping","hookId":"7","time":"2026-02-27T17:44:25.0000000Z"}"""u8.ToArray()),
        ["hook disabled"] = new("HookDisabled", """{"event":"HookDisabled","hookId":"7","hookEvent":"PostDeployment","receiver":"https://x.example","description":"web team","reason":"The receiver responded with 500.","failures":40,"time":"2026-02-27T17:44:25.0000000Z"}"""u8.ToArray()),
        ["published"] = new("backup.done", """{"siteName":"shop","files":3,"ok":true,"nested":{"a":1},"note":"<b>*x*</b>"}"""u8.ToArray()),
        ["published with a status"] = new("BackupFinished", """{"status":"failed","siteName":"shop","message":"disk full","url":"https://elsewhere.example/"}"""u8.ToArray()),
        ["published with hostile names"] = new("own", """{"**@everyone** <t:0:R>":"x","[a](https://evil.example)":1}"""u8.ToArray()),
        ["reason repeated"] = Deployment(Failure with { StatusText = "exit code 1" }) with { LogTail = ["building", "exit code 1"] },
        ["published text"] = new("note", "plain & simple"u8.ToArray()),
    };

    private static EventContent Deployment(DeploymentEvent body) => new(EventTypes.PostDeployment, Json(body));

    private static byte[] Json(DeploymentEvent body) => Encoding.UTF8.GetBytes(JsonSerializer.Serialize(body, NyalaJson.Wire.DeploymentEvent));
}
