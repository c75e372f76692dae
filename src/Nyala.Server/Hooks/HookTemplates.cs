using System.Text.Json;
using Nyala.Client;
using Nyala.Server.Http;
using Nyala.Server.Outbound;
using Nyala.Server.Outbound.Formats;
using Nyala.Server.Outbound.Templates;

namespace Nyala.Server.Hooks;

/// <summary>Reads, checks and shows the template of a hook: the field <c>template</c>. It is stored as the settings of the format <c>template</c>.</summary>
internal static class HookTemplates
{
    public const string Field = "template";

    private const string HeadersField = "headers";

    private static readonly string[] Names = [TemplateSettings.Body, TemplateSettings.ContentType, TemplateSettings.Method, HeadersField, TemplateSettings.Escape];

    /// <summary>The error if a hook of the format has no template.</summary>
    public static FieldError Missing { get; } = new(
        Field, $$"""The format 'template' needs a template. Send '{{Field}}', for example {"body":"{\"text\": {{"{{ title | json }}"}}}"}, or another format.""");

    /// <summary>Reads a template that a caller sent. Returns null, and adds an error to the fields, if it is not valid.</summary>
    /// <param name="fields">The fields.</param>
    /// <param name="type">The hook's event type; null if it is not known.</param>
    public static IReadOnlyDictionary<string, string>? Read(JsonFields fields, string? type)
    {
        if (fields.Element(Field) is not { ValueKind: JsonValueKind.Object } value)
        {
            fields.Refuse(Field, $$"""'{{Field}}' must be an object, for example {"body":"{\"text\": {{"{{ title | json }}"}}}"}.""");
            return null;
        }

        var parts = new JsonFields(value);
        var settings = new Dictionary<string, string>();
        string? reason = ReadParts(parts, settings);
        if (reason is null && TemplateRequest.Read(new FormatSettings(settings), out reason) is { } request)
        {
            reason = TemplateSamples.Of(type)
                .Select(sample => request.Render(sample, out string why) is null ? $"it cannot render a sample event: {why}." : null)
                .FirstOrDefault(refusal => refusal is not null);
        }

        if (reason is not null)
        {
            fields.Refuse(Field, $"'{Field}' is not valid: {reason}");
            return null;
        }

        return settings;
    }

    /// <summary>Returns the template of a hook; null if its format is another.</summary>
    public static HookTemplate? Show(IFormat format, FormatSettings settings) => format != FormatCatalog.Template || settings.Values.Count == 0 ? null : new HookTemplate
    {
        Body = settings[TemplateSettings.Body] ?? "",
        ContentType = settings[TemplateSettings.ContentType],
        Method = settings[TemplateSettings.Method],
        Headers = TemplateSettings.Headers(settings) is { Count: > 0 } headers ? headers : null,
        Escape = settings[TemplateSettings.Escape],
    };

    private static string? ReadParts(JsonFields parts, Dictionary<string, string> settings)
    {
        parts.RefuseOthers(Names, "");
        string? body = parts.Text(TemplateSettings.Body, TemplateSettings.MaxTemplate);
        string? contentType = parts.Text(TemplateSettings.ContentType);
        string? method = parts.Text(TemplateSettings.Method)?.ToUpperInvariant();
        string? escape = parts.Text(TemplateSettings.Escape)?.ToLowerInvariant();
        if (parts.Errors is [{ } error, ..])
        {
            return error.Text;
        }

        if (body is null)
        {
            return "'body' is missing. It is the template of the request's body.";
        }

        if (method is not null && !TemplateSettings.Methods.Contains(method))
        {
            return $"'method' must be one of {string.Join(", ", TemplateSettings.Methods)}.";
        }

        if (escape is not null && !Escaping.Names.Contains(escape))
        {
            return $"'escape' must be one of {string.Join(", ", Escaping.Names)}.";
        }

        settings[TemplateSettings.Body] = body;
        Set(TemplateSettings.ContentType, contentType);
        Set(TemplateSettings.Method, method);
        Set(TemplateSettings.Escape, escape);
        return parts.Has(HeadersField) ? ReadHeaders(parts, settings) : null;

        void Set(string name, string? value)
        {
            if (value is not null)
            {
                settings[name] = value;
            }
        }
    }

    private static string? ReadHeaders(JsonFields parts, Dictionary<string, string> settings)
    {
        if (parts.Element(HeadersField) is not { ValueKind: JsonValueKind.Object } value)
        {
            return $$$"""'headers' must be an object of names and templates, for example {"X-Status":"{{ payload.status }}"}.""";
        }

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (JsonProperty property in value.EnumerateObject())
        {
            string name = JsonFields.NameOf(property);
            if (property.Value.ValueKind != JsonValueKind.String || !JsonFields.TryGetText(property.Value, out string? text) || text.Length > HeaderRule.MaxValue)
            {
                return $"the header '{name}' must be a string of at most {HeaderRule.MaxValue} characters.";
            }

            if (!headers.TryAdd(name, text))
            {
                return $"'headers' contains '{name}' twice.";
            }
        }

        // The value is a template, so only the name can be checked.
        if (HeaderRule.Refuses([.. headers.Keys.Select(name => new CustomHeader(name, ""))]) is { } refusal)
        {
            return refusal;
        }

        if (headers.ContainsKey("Authorization"))
        {
            return "'Authorization' cannot be set here, because a template is no secret. Put it in the hook's 'headers', which are stored encrypted and masked.";
        }

        TemplateSettings.SetHeaders(settings, headers);
        return null;
    }
}
