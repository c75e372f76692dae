using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Fluid.Values;
using Nyala.Server.Outbound.Formats;
using Nyala.Server.Outbound.Messages;

namespace Nyala.Server.Outbound.Templates;

/// <summary>The request of a hook's own template: its body, content type, method and headers. It does not change, and many attempts use it at the same time.</summary>
internal sealed class TemplateRequest
{
    /// <summary>The largest body that a template may render, in bytes.</summary>
    public const int MaxBody = 256 * 1024;

    private const int MaxLog = 1000;

    private readonly LiquidTemplate _body;
    private readonly string _contentType;
    private readonly bool _isJson;
    private readonly string _method;
    private readonly IReadOnlyList<(string Name, LiquidTemplate Value)> _headers;

    private TemplateRequest(LiquidTemplate body, string contentType, bool isJson, string method, IReadOnlyList<(string Name, LiquidTemplate Value)> headers) =>
        (_body, _contentType, _isJson, _method, _headers) = (body, contentType, isJson, method, headers);

    /// <summary>Reads the settings of a hook. Returns null, and the error, if they are not valid.</summary>
    public static TemplateRequest? Read(FormatSettings settings, out string error)
    {
        string contentType = settings[TemplateSettings.ContentType] ?? Rendered.Json;
        error = "'content_type' must be a media type such as application/json or text/plain; charset=utf-8. Bodies are UTF-8.";
        if (!MediaTypeHeaderValue.TryParse(contentType, out MediaTypeHeaderValue? type) || !TemplateSettings.IsUtf8(contentType, type))
        {
            return null;
        }

        string escape = settings[TemplateSettings.Escape] ?? Escaping.Of(type);
        if (LiquidTemplate.Parse(settings[TemplateSettings.Body] ?? "", escape, out TemplateError? wrong) is not { } body)
        {
            error = wrong!.In("'body'");
            return null;
        }

        var headers = new List<(string Name, LiquidTemplate Value)>();
        foreach ((string name, string value) in TemplateSettings.Headers(settings))
        {
            if (LiquidTemplate.Parse(value, "none", out wrong) is not { } parsed)
            {
                error = wrong!.In($"the header '{name}'");
                return null;
            }

            headers.Add((name, parsed));
        }

        error = "";
        return new TemplateRequest(body, contentType, Escaping.IsJson(type), settings[TemplateSettings.Method] ?? "POST", headers);
    }

    /// <summary>Renders an event. If that is not possible, the result is a refusal with the reason.</summary>
    public Rendered Render(EventContent @event) => Render(@event, out string reason) ?? Rendered.Refused($"The template cannot render this event: {reason}.");

    /// <summary>Renders an event. Returns null, and the reason as the end of a sentence, if that is not possible.</summary>
    public Rendered? Render(EventContent @event, out string reason)
    {
        reason = "";
        Dictionary<string, FluidValue> values = Values(@event);
        if (Body(values, @event.Time, out reason) is not { } body || Headers(values, @event.Time, out reason) is not { } headers)
        {
            return null;
        }

        RequestForm form = _method == "POST" && headers.Count == 0 ? RequestForm.Usual : new RequestForm { Method = _method, Headers = headers };
        return new Rendered(body, _contentType) { Form = form };
    }

    private byte[]? Body(Dictionary<string, FluidValue> values, DateTimeOffset time, out string reason)
    {
        RenderedText text = _body.Render(values, time, MaxBody);
        byte[] body = Encoding.UTF8.GetBytes(text.Text ?? "");
        reason = text.Stopped
            ?? (body.Length > MaxBody ? string.Create(CultureInfo.InvariantCulture, $"the body has more than {MaxBody:N0} bytes") : null)
            ?? (_isJson ? JsonCheck.Error(body) : null)
            ?? "";
        return reason.Length == 0 ? body : null;
    }

    private List<CustomHeader>? Headers(Dictionary<string, FluidValue> values, DateTimeOffset time, out string reason)
    {
        var headers = new List<CustomHeader>(_headers.Count);
        foreach ((string name, LiquidTemplate template) in _headers)
        {
            RenderedText value = template.Render(values, time, HeaderRule.MaxValue);
            if (value.Stopped is { } stopped)
            {
                reason = $"the header '{name}': {stopped}";
                return null;
            }

            // A header without a value is left out.
            if (HeaderText(value.Text!) is { Length: > 0 } clean)
            {
                headers.Add(new CustomHeader(name, clean));
            }
        }

        reason = "";
        return headers;
    }

    private static Dictionary<string, FluidValue> Values(EventContent @event)
    {
        Message message = MessageReader.Read(@event);
        return new Dictionary<string, FluidValue>
        {
            ["payload"] = TemplateValues.OfBody(@event.Body),
            ["type"] = new StringValue(@event.Type),
            ["id"] = new StringValue(@event.Id.ToString(CultureInfo.InvariantCulture)),
            ["site"] = new StringValue(@event.Site),
            ["time"] = new StringValue(DateFilter.Iso(@event.Time)),
            ["log"] = new ArrayValue([.. @event.LogTail.Select(line => new StringValue(line))]),
            ["title"] = new StringValue($"{message.Symbol} {message.Title}"),
            ["text"] = new StringValue(MessageLines.Plain(message, MaxLog)),
        };
    }

    /// <summary>Removes what would end or garble a header: line breaks, other control characters, and everything outside ASCII.</summary>
    private static string HeaderText(string text) => string.Concat(text.Where(c => c is >= ' ' and <= '~')).Trim();
}
