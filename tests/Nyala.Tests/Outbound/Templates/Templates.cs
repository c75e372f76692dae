using System.Text;
using Nyala.Server.Outbound.Formats;

namespace Nyala.Tests.Outbound.Templates;

/// <summary>Renders templates as a hook's format does.</summary>
internal static class Templates
{
    private static readonly DateTimeOffset Time = new(2026, 2, 27, 17, 45, 6, TimeSpan.Zero);

    public static Rendered Render(string body, string payload = "{}", string? contentType = null, string? escape = null, IReadOnlyList<string>? log = null, string? headers = null)
    {
        var settings = new Dictionary<string, string> { ["body"] = body };
        Add("content_type", contentType);
        Add("escape", escape);
        Add("headers", headers);
        var @event = new EventContent("Released", Encoding.UTF8.GetBytes(payload)) { Id = 912976469544665088, Time = Time, Site = "web", LogTail = log ?? [] };
        return new TemplateFormat().Render(@event, new FormatSettings(settings));

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                settings[name] = value;
            }
        }
    }

    /// <summary>Returns the body as text.</summary>
    public static string Text(string body, string payload = "{}", string contentType = "text/plain", string? escape = null, IReadOnlyList<string>? log = null)
    {
        Rendered rendered = Render(body, payload, contentType, escape, log);
        return rendered.Refusal ?? Encoding.UTF8.GetString(rendered.Body.Span);
    }
}
