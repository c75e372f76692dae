using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Nyala.Server.Outbound.Formats;

namespace Nyala.Tests.Outbound.Formats;

/// <summary>Checks a message as its service does: the form, the limits, and that text from events has no effect.</summary>
internal static partial class ServiceCheck
{
    private const string Invisible = "\u200B";

    private static readonly string[] OurTags = ["<b>", "</b>", "<i>", "</i>", "<pre>", "</pre>", "</a>", "<br>"];

    /// <summary>Checks the form and the limits that the service documents.</summary>
    public static void Check(string name, Rendered rendered)
    {
        // Text that is cut within a character would have a lone surrogate, which this refuses.
        ReadOnlyMemory<byte> message = rendered.Body;
        string written = new UTF8Encoding(false, true).GetString(message.Span);
        if (name == "ntfy")
        {
            CheckNtfy(rendered, written);
            return;
        }

        JsonElement root = JsonElement.Parse(written);
        if (name is "cloudevents" or "cdevents")
        {
            CheckCloudEvent(root, rendered);
            CheckCdEvent(name, root);
            return;
        }

        Assert.All(Strings(root), text => Assert.DoesNotContain(text, letter => char.IsControl(letter) && letter != '\n'));
        switch (name)
        {
            case "slack":
                CheckSlack(root);
                break;
            case "discord":
                CheckDiscord(root);
                break;
            case "teams":
                Assert.InRange(message.Length, 1, 28 * 1024);
                Assert.All(Objects(root).Where(item => Type(item) == "TextRun"), run => Assert.NotEqual("", run.GetProperty("text").GetString()));
                break;
            case "mattermost":
                Assert.InRange(root.GetProperty("attachments")[0].GetRawText().Length, 1, 16_383);
                break;
            case "googlechat":
                Assert.InRange(message.Length, 1, 32_000);
                break;
            case "rocketchat":
                Assert.InRange(root.GetProperty("text").GetString()!.Length, 1, 5000);
                Assert.DoesNotMatch(@"(?<!\\)[*_~`#]", root.GetProperty("text").GetString());
                Assert.DoesNotMatch($"[]@[<>!:$|](?!{Invisible})", root.GetProperty("text").GetString());
                break;
            case "pagerduty":
                CheckPagerDuty(root, message.Length);
                break;
            case "devlake":
                CheckDevLake(root);
                break;
            case "opsgenie":
                CheckOpsgenie(root, rendered.Form);
                break;
            case "matrix":
                // The bridge sends the request a second time, as data of the event.
                Assert.InRange(2 * Strings(root).Sum(text => Encoding.UTF8.GetByteCount(text)), 1, 60_000);
                Assert.NotEqual("", root.GetProperty("text").GetString());
                Assert.True(IsBalanced(root.GetProperty("html").GetString()!.Replace("<br>", "", StringComparison.Ordinal)));
                break;
            case "gotify":
                Assert.NotEqual("", root.GetProperty("message").GetString());
                Assert.InRange(root.GetProperty("priority").GetInt32(), 0, 10);
                break;
            default:
                Assert.InRange(WebUtility.HtmlDecode(Tag().Replace(root.GetProperty("text").GetString()!, "")).Length, 1, 4096);
                Assert.True(IsBalanced(root.GetProperty("text").GetString()!));
                break;
        }
    }

    /// <summary>Checks that the hostile case mentions no one, formats nothing, and has no link but the deployment's.</summary>
    public static void CheckHarmless(string name, Rendered rendered)
    {
        if (name == "ntfy")
        {
            Assert.Equal("text/plain; charset=utf-8", rendered.ContentType);
            return;
        }

        JsonElement root = JsonElement.Parse(rendered.Body.Span);
        if (name is "cloudevents" or "cdevents")
        {
            // Programs read these texts, so they are neither cleaned nor escaped.
            return;
        }

        Assert.DoesNotContain(Strings(root), text => text.Contains('\u202E', StringComparison.Ordinal));
        switch (name)
        {
            case "slack":
                Assert.All(Objects(root), item => Assert.Contains(
                    Type(item), (string?[])[null, "header", "plain_text", "rich_text", "rich_text_section", "rich_text_preformatted", "text", "link"]));
                Assert.DoesNotMatch("[<>]", root.GetProperty("text").GetString());
                break;
            case "teams":
                Assert.All(Objects(root).Where(item => Type(item) == "TextBlock"), _ => Assert.Fail("Teams parses Markdown in a TextBlock."));
                break;
            case "discord":
                Assert.Equal("[]", root.GetProperty("allowed_mentions").GetProperty("parse").GetRawText());
                CheckMarkdown(root);
                break;
            case "mattermost":
                CheckMarkdown(root);
                break;
            case "rocketchat":
                CheckRocketChat(root);
                break;
            case "pagerduty" or "devlake":
                // The service shows all of it as plain text.
                break;
            case "opsgenie":
                Assert.All(Strings(root), text => Assert.DoesNotMatch($"<(?!{Invisible})", text));
                break;
            case "gotify":
                Assert.Equal("text/plain", root.GetProperty("extras").GetProperty("client::display").GetProperty("contentType").GetString());
                break;
            case "matrix":
                Assert.DoesNotMatch($"@(?!{Invisible})", root.GetProperty("text").GetString()!);
                Assert.DoesNotMatch($"@(?!{Invisible})", Code().Replace(root.GetProperty("html").GetString()!, ""));
                CheckTags(root.GetProperty("html"));
                break;
            case "telegram":
                Assert.DoesNotMatch($"@(?!{Invisible})", Code().Replace(root.GetProperty("text").GetString()!, ""));
                goto default;
            default:
                CheckTags(root);
                break;
        }
    }

    private static void CheckTags(JsonElement root) => Assert.All(Strings(root).SelectMany(text => Tag().Matches(text)), tag => Assert.True(
        OurTags.Contains(tag.Value) || tag.Value.StartsWith("<a href=\"https://nyala.example.com/", StringComparison.Ordinal), tag.Value));

    private static void CheckSlack(JsonElement root)
    {
        JsonElement blocks = root.GetProperty("blocks");
        Assert.InRange(blocks.GetArrayLength(), 1, 50);
        Assert.All(Objects(root).Where(item => Type(item) == "header"), header => Assert.InRange(header.GetProperty("text").GetProperty("text").GetString()!.Length, 1, 150));
        Assert.All(Objects(root).Where(item => Type(item) is "text" or "link"), item => Assert.NotEqual("", item.GetProperty("text").GetString()));
        Assert.InRange(Strings(root).Sum(text => text.Length), 1, 13_200);
    }

    private static void CheckDiscord(JsonElement root)
    {
        JsonElement embed = root.GetProperty("embeds")[0];
        int total = Length(embed, "title", 256) + Length(embed, "description", 4096);
        Assert.InRange(embed.GetProperty("fields").GetArrayLength(), 0, 25);
        foreach (JsonElement field in embed.GetProperty("fields").EnumerateArray())
        {
            total += Length(field, "name", 256) + Length(field, "value", 1024);
        }

        Assert.InRange(total, 1, 6000);
    }

    private static int Length(JsonElement item, string name, int most)
    {
        if (!item.TryGetProperty(name, out JsonElement value))
        {
            return 0;
        }

        Assert.InRange(value.GetString()!.Length, 1, most);
        return value.GetString()!.Length;
    }

    /// <summary>Every special character outside our own bold text and code block has a backslash; no fence ends early; no mention is whole.</summary>
    private static void CheckMarkdown(JsonElement root)
    {
        foreach (string text in Strings(root).Where(text => !text.StartsWith("https://nyala.example.com/", StringComparison.Ordinal) && !Color().IsMatch(text)))
        {
            string[] parts = text.Split("```");
            Assert.True(parts.Length is 1 or 3, text);
            string outside = parts.Length == 1 ? parts[0] : parts[0] + parts[2];
            outside = outside.TrimStart().StartsWith("**", StringComparison.Ordinal) ? outside.Trim()[2..^2] : outside;
            Assert.DoesNotMatch(@"(?<!\\)(\\\\)*[`*_\[\]<>|~#]", outside);
            Assert.DoesNotMatch($"@(?!{Invisible})", outside);
        }
    }

    private static bool IsBalanced(string html)
    {
        var open = new Stack<string>();
        foreach (Match tag in Tag().Matches(html))
        {
            string word = tag.Groups[2].Value;
            if (tag.Groups[1].Length == 0)
            {
                open.Push(word);
            }
            else if (open.Count == 0 || open.Pop() != word)
            {
                return false;
            }
        }

        return open.Count == 0;
    }

    private static string? Type(JsonElement item) => item.TryGetProperty("type", out JsonElement type) && type.ValueKind == JsonValueKind.String ? type.GetString() : null;

    private static IEnumerable<JsonElement> Objects(JsonElement root) => root.ValueKind switch
    {
        JsonValueKind.Object => root.EnumerateObject().SelectMany(field => Objects(field.Value)).Prepend(root),
        JsonValueKind.Array => root.EnumerateArray().SelectMany(Objects),
        _ => [],
    };

    private static IEnumerable<string> Strings(JsonElement root) => root.ValueKind switch
    {
        JsonValueKind.Object => root.EnumerateObject().SelectMany(field => Strings(field.Value)),
        JsonValueKind.Array => root.EnumerateArray().SelectMany(Strings),
        JsonValueKind.String => [root.GetString()!],
        _ => [],
    };

    [GeneratedRegex("<pre>.*</pre>", RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex("^#[0-9A-F]{6}$")]
    private static partial Regex Color();

    [GeneratedRegex("<(/?)([a-z]+)[^<>]*>")]
    private static partial Regex Tag();
}
