using System.Text.Json;
using System.Text.Json.Nodes;
using Nyala.Tests.Cli.Support;
using Nyala.Tests.Support;

namespace Nyala.Tests.Cli;

/// <summary>Every command against a server whose texts contain control characters: receivers, pushers and reporters choose many of these texts.</summary>
public sealed class HostileServerTests : IDisposable
{
    private const string Time = "2026-02-27T17:45:06Z";

    // Escape sequences that set colors and the title, C1 controls, the characters that change the text direction, a carriage return, a bell and a backspace.
    private const string Hostile = "safe\u001b[31m\u001b[2J\u001b]0;title\u0007\u009b2J\u0085\u202e\u202a\u2066\u2069\u200e\u200f\u061c\u2028\rover\b\0\u007fend";

    private static readonly string[] Verbs =
    [
        "hooks list", "hooks list --all", "hooks show 12", "hooks show latest", "hooks add https://a.example/ --site shop", "hooks set 12 --rate 5", "hooks pause 12", "hooks resume 12",
        "hooks enable 12", "hooks restore 12", "hooks rotate-secret 12", "hooks ping 12", "hooks remove 12", "hooks remove https://a.example/",
        "deployments list", "deployments show d1", "deployments show latest", "deployments log d1", "deployments log d1 --follow", "deployments redeploy d1", "deployments rollback",
        "deployments cancel d1", "deployments remove d1", "deploy https://git.example.com/x", "deploy https://git.example.com/x --no-wait",
        "deliveries list", "deliveries list --hook 12", "deliveries show 7", "deliveries show latest", "deliveries redeliver 7", "deliveries redeliver --hook 12 --since 2h", "deliveries redelivery 9",
        "events list", "events show 5", "events show latest", "events publish Built", "events publish --batch -", "events publish --batch - --json",
        "sites create shop", "sites list", "sites show shop", "sites set shop --keep 3", "sites remove shop --yes",
        "sites settings list shop", "sites settings get shop A", "sites settings set shop A=1", "sites settings unset shop A",
        "tokens create ci --scope read", "tokens list", "tokens revoke 3", "audit", "spool list", "spool send", "nonsense\u001b[31m\u202e", "hooks show \u001b[31m\u202eid",
    ];

    private readonly CliHarness _cli = new() { Input = """{"event":"Built","body":{}}"""u8.ToArray() };

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_response_of_a_server_controls_the_terminal(bool terminal)
    {
        await using FakeNyala server = await ServeAsync(call => (200, Answer(call)));
        _cli.Terminal = terminal;

        // If the output is not a terminal, a program reads it and gets the value unchanged.
        foreach (string verb in Verbs.Where(verb => terminal || !verb.StartsWith("sites settings get", StringComparison.Ordinal)))
        {
            await HarmlessAsync(verb);
        }
    }

    [Fact]
    public async Task No_error_of_a_server_controls_the_terminal()
    {
        await using FakeNyala server = await ServeAsync(
            _ => (409, Object(("title", Hostile), ("detail", Hostile), ("lines", new JsonArray(Published()))).ToJsonString()));

        foreach (string verb in Verbs)
        {
            await HarmlessAsync(verb);
        }
    }

    [Theory]
    [InlineData("hooks show 12 --json", "last_reason")]
    [InlineData("deployments show d1 --json", "message")]
    [InlineData("deliveries show 7 --json", "reason")]
    [InlineData("events show 5 --json", "body")]
    [InlineData("sites show shop --json", "command")]
    [InlineData("deployments rollback --json", "message")]
    public async Task JSON_output_contains_control_characters_escaped(string verb, string field)
    {
        await using FakeNyala server = await ServeAsync(call => (200, Answer(call)));

        (string output, _) = await HarmlessAsync(verb);

        Assert.Equal(Hostile, JsonElement.Parse(output).GetProperty(field).GetString());
    }

    [Fact]
    public async Task A_followed_log_in_JSON_contains_control_characters_escaped()
    {
        await using FakeNyala server = await ServeAsync(call => (200, Answer(call)));

        (string output, _) = await HarmlessAsync("deployments log d1 --follow --json");

        Assert.Equal(Hostile, JsonElement.Parse(output).GetProperty("message").GetString());
    }

    private async Task<(string Out, string Error)> HarmlessAsync(string verb)
    {
        (_, string output, string error) = await _cli.RunAsync(verb.Split(' ')).InTimeAsync();
        foreach (string said in (string[])[output, error])
        {
            // On a terminal, the command line itself prints column names in bold.
            string shown = _cli.Terminal ? said.Replace("\u001b[1m", "", StringComparison.Ordinal).Replace("\u001b[0m", "", StringComparison.Ordinal) : said;
            int at = shown.AsSpan().IndexOfAnyExcept(Harmless);
            Assert.True(at < 0, $"'nyala {verb}' lets U+{(at < 0 ? 0 : (int)shown[at]):X4} through: {JsonSerializer.Serialize(said)}");
        }

        return (output, error);
    }

    private static readonly System.Buffers.SearchValues<char> Harmless = System.Buffers.SearchValues.Create(
        [.. Enumerable.Range(0, 0x10000).Select(number => (char)number).Where(c => c is '\n' or '\t' || !(char.IsControl(c) || "\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069".Contains(c, StringComparison.Ordinal)))]);

    private async Task<FakeNyala> ServeAsync(Func<Call, (int Status, string Body)?> answer)
    {
        FakeNyala server = await FakeNyala.StartAsync(answer);
        _cli["NYALA_SERVER"] = server.Address.AbsoluteUri;
        return server;
    }

    private static string Answer(Call call)
    {
        string path = call.Path.Split('?')[0];
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        bool one = parts[^1] is not ("hooks" or "deployments" or "deliveries" or "events" or "sites" or "tokens");
        JsonNode node = path switch
        {
            _ when path.EndsWith("/log/stream", StringComparison.Ordinal) => $"event: log\ndata: {Line().ToJsonString()}\n\nevent: end\ndata: {Deployment().ToJsonString()}\n\n",
            _ when path.EndsWith("/log", StringComparison.Ordinal) => new JsonArray(Line()),
            _ when path.Contains("/redeliver", StringComparison.Ordinal) && !path.Contains("/deliveries", StringComparison.Ordinal) => Redelivery(),
            _ when path.EndsWith("/hooks/publish", StringComparison.Ordinal) => new JsonArray(Published()),
            _ when path.Contains("/hooks", StringComparison.Ordinal) => Of(Hook(), one || call.Method == "POST"),
            _ when path.Contains("/deployments", StringComparison.Ordinal) || path.EndsWith("/deploy", StringComparison.Ordinal) => Of(Deployment(), one),
            _ when path.Contains("/deliveries", StringComparison.Ordinal) => Of(Delivery(), one),
            _ when path.Contains("/events", StringComparison.Ordinal) => Of(Event(), one),
            _ when path.Contains("/settings/", StringComparison.Ordinal) => Hostile,
            _ when path.EndsWith("/settings", StringComparison.Ordinal) => Object((Hostile, Hostile)),
            _ when path.Contains("/tokens", StringComparison.Ordinal) => Of(Token(), one || call.Method == "POST"),
            _ when path.EndsWith("/audit", StringComparison.Ordinal) => new JsonArray(Change()),
            _ => Of(Site(), one || call.Method == "POST"),
        };
        return path.EndsWith("/log/stream", StringComparison.Ordinal) ? node.GetValue<string>() : node.ToJsonString();
    }

    private static JsonNode Of(JsonObject item, bool one) => one ? item : new JsonArray(item);

    private static JsonObject Hook() => Object(
        ("id", "12"), ("event", Hostile), ("url", "https://a.example/" + Hostile), ("last_status", Hostile), ("last_reason", Hostile), ("last_datetime", Time), ("last_context", Hostile),
        ("site", Hostile), ("state", Hostile), ("state_reason", Hostile), ("created", Time), ("description", Hostile), ("filter", new JsonArray(Object(("site", new JsonArray(Hostile))), Object(("branch", new JsonArray(Hostile))))),
        ("headers", Object((Hostile, Hostile))), ("ca", new JsonArray(Object(("subject", Hostile), ("expires", Time)))), ("secret", Hostile));

    private static JsonObject Deployment() => Object(
        ("id", "d1"), ("status", 3), ("status_text", Hostile), ("author", Hostile), ("author_email", Hostile), ("deployer", Hostile), ("message", Hostile), ("progress", Hostile),
        ("complete", true), ("site_name", Hostile), ("branch", Hostile), ("url", Hostile), ("start_time", Time), ("end_time", Time));

    private static JsonObject Delivery() => Object(
        ("id", "7"), ("webhook_id", Hostile), ("event", Event()), ("hook", Hostile), ("state", Hostile), ("reason", Hostile), ("last_reason", Hostile), ("created", Time), ("body", Hostile),
        ("history", new JsonArray(Object(
            ("number", 1), ("started", Time), ("duration_seconds", 0.1), ("reason", Hostile), ("answer", Hostile),
            ("request_headers", new JsonArray(Object(("name", Hostile), ("value", Hostile)))), ("answer_headers", new JsonArray(Object(("name", Hostile), ("value", Hostile))))))));

    private static JsonObject Event() => Object(("id", "5"), ("type", Hostile), ("site", Hostile), ("deployment", Hostile), ("created", Time), ("body", Hostile));

    private static JsonObject Published() => Object(("line", 1), ("event_id", Hostile), ("outcome", Hostile), ("problem", Hostile));

    private static JsonObject Site() => Object(
        ("name", "shop"), ("branch", Hostile), ("command", Hostile), ("keep", 3), ("host", Hostile), ("current", Hostile), ("git_url", Hostile), ("created", Time));

    private static JsonObject Token() => Object(("id", "3"), ("name", Hostile), ("scopes", new JsonArray(Hostile)), ("site", Hostile), ("created", Time), ("token", Hostile));

    private static JsonObject Change() => Object(
        ("id", "1"), ("time", Time), ("actor", Hostile), ("address", Hostile), ("action", Hostile), ("target", Hostile), ("site", Hostile), ("details", Object((Hostile, Hostile))));

    private static JsonObject Line() => Object(("id", "1"), ("log_time", Time), ("message", Hostile), ("type", 0));

    private static JsonObject Redelivery() => Object(
        ("id", Hostile), ("hook", Hostile), ("state", Hostile), ("since", Time), ("until", Time), ("done", 1), ("created", Time), ("ended", Time), ("reason", Hostile));

    private static JsonObject Object(params IEnumerable<(string Name, JsonNode? Value)> fields) => new(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
}
