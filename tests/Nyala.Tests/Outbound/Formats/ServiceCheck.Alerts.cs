using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Nyala.Server.Outbound;
using Nyala.Server.Outbound.Formats;

namespace Nyala.Tests.Outbound.Formats;

/// <summary>The services that notify or alert people.</summary>
internal static partial class ServiceCheck
{
    private static void CheckNtfy(Rendered rendered, string text)
    {
        Assert.InRange(rendered.Body.Length, 1, 4096);
        Assert.NotEqual("", text.Trim());
        Assert.DoesNotContain(text, letter => char.IsControl(letter) && letter != '\n');
        Assert.Null(HeaderRule.Refuses(rendered.Form.Headers));
        var headers = rendered.Form.Headers.ToDictionary(header => header.Name, header => header.Value);
        Assert.InRange(int.Parse(headers["X-Priority"], CultureInfo.InvariantCulture), 1, 5);
        string title = Word().Replace(headers["X-Title"].Replace("?= =?", "?==?", StringComparison.Ordinal), word =>
        {
            Assert.InRange(word.Length, 1, 75);
            return new UTF8Encoding(false, true).GetString(Convert.FromBase64String(word.Groups[1].Value));
        });

        // A title is encoded as a whole, or has nothing that could be taken for an encoded word.
        Assert.True(title == headers["X-Title"] ? !title.Contains("=?", StringComparison.Ordinal) : Word().Replace(headers["X-Title"], "").Trim().Length == 0);
        Assert.NotEqual("", title.Trim());
    }

    private static void CheckPagerDuty(JsonElement root, int bytes)
    {
        Assert.InRange(bytes, 1, 512 * 1024);
        Assert.Equal(32, root.GetProperty("routing_key").GetString()!.Length);
        Assert.InRange(root.GetProperty("dedup_key").GetString()!.Length, 1, 255);
        if (root.GetProperty("event_action").GetString() == "resolve")
        {
            return;
        }

        Assert.Equal("trigger", root.GetProperty("event_action").GetString());
        JsonElement payload = root.GetProperty("payload");
        Assert.InRange(payload.GetProperty("summary").GetString()!.Length, 1, 1024);
        Assert.NotEqual("", payload.GetProperty("source").GetString());
        Assert.Contains(payload.GetProperty("severity").GetString(), (string?[])["critical", "error", "warning", "info"]);
        Assert.True(payload.GetProperty("timestamp").TryGetDateTimeOffset(out _));
    }

    private static void CheckOpsgenie(JsonElement root, RequestForm form)
    {
        if (form.Path.Length > 0)
        {
            // A key with an escaped slash would be refused before it reaches the service.
            Assert.Matches("^/[-A-Za-z0-9._%]{1,512}/close[?]identifierType=alias$", form.Path);
            Assert.DoesNotContain("%2F", form.Path, StringComparison.OrdinalIgnoreCase);
            return;
        }

        Assert.InRange(root.GetProperty("message").GetString()!.Length, 1, 130);
        Assert.InRange(root.GetProperty("alias").GetString()!.Length, 1, 512);
        Assert.InRange(root.GetProperty("description").GetString()!.Length, 1, 15_000);
        Assert.Contains(root.GetProperty("priority").GetString(), (string?[])["P1", "P2", "P3", "P4", "P5"]);
        Assert.True(!root.TryGetProperty("entity", out JsonElement entity) || entity.GetString()!.Length is >= 1 and <= 512);
    }

    /// <summary>The text of an attachment is one code block; the message has no mention, link, formatting or code.</summary>
    private static void CheckRocketChat(JsonElement root)
    {
        string block = root.GetProperty("attachments")[0].GetProperty("text").GetString()!;
        Assert.StartsWith("```\n", block, StringComparison.Ordinal);
        Assert.Equal(block.Length - 3, block.IndexOf("```", 3, StringComparison.Ordinal));
        Assert.DoesNotMatch($"@(?!{Invisible})", root.GetProperty("text").GetString());
        Assert.DoesNotMatch($"@(?!{Invisible})", root.GetProperty("attachments")[0].GetProperty("title").GetString());
        Assert.False(root.GetProperty("attachments")[0].TryGetProperty("fields", out _), "Each client parses the fields in another way.");
    }

    [GeneratedRegex("=\\?UTF-8\\?B\\?([A-Za-z0-9+/=]+)\\?=")]
    private static partial Regex Word();
}
