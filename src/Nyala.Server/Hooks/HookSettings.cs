using Nyala.Client;
using Nyala.Server.Events;
using Nyala.Server.Http;
using Nyala.Server.Outbound;
using Nyala.Server.Outbound.Formats;
using Nyala.Server.Secrets;
using Nyala.Server.Storage;

namespace Nyala.Server.Hooks;

/// <summary>Changes to the settings of a hook. A setting that is not set keeps its value.</summary>
internal sealed record HookSettings
{
    /// <summary>The fields that can be changed.</summary>
    public static readonly IReadOnlyList<string> Names = ["format", HookFormatSettings.Field, HookTemplates.Field, "log_lines", "description", "filter", "ordered", "rate", "headers", "insecure_ssl", "ca", "client_certificate"];

    /// <summary>The fields that only HTTP requests have.</summary>
    public static readonly IReadOnlyList<string> OnlyHttp = ["secret", "headers", "insecure_ssl", "ca", "client_certificate"];

    /// <summary>The error if both the headers and the URL set <c>Authorization</c>.</summary>
    public const string TwoAuthorizations =
        "'headers' contains Authorization, but the url has user info, which is also sent as Authorization. Remove one of them.";

    /// <summary>The highest rate of a hook, in attempts per minute.</summary>
    public const int MaxRate = 60_000;

    private static readonly Dictionary<string, string> NoSettings = [];

    private const int MaxDescription = 1024;
    private const int MaxLogLines = 100;

    /// <summary>The format; null for the one that fits the URL.</summary>
    public Optional<IFormat?> Format { get; init; }

    /// <summary>What the hook sets for its format, by name. It replaces all of these settings.</summary>
    public Optional<IReadOnlyDictionary<string, string>> FormatSettings { get; init; }

    /// <summary>The template as settings of its format; null to remove it.</summary>
    public Optional<IReadOnlyDictionary<string, string>?> Template { get; init; }

    public Optional<int?> LogLines { get; init; }

    public Optional<string> Description { get; init; }

    /// <summary>The filter in its stored form.</summary>
    public Optional<string?> Filter { get; init; }

    public Optional<bool> Ordered { get; init; }

    public Optional<int?> Rate { get; init; }

    public Optional<IReadOnlyList<CustomHeader>> Headers { get; init; }

    public Optional<bool> InsecureSsl { get; init; }

    /// <summary>The only certificate authorities to trust, as PEM.</summary>
    public Optional<string?> Authority { get; init; }

    /// <summary>The client certificate and its key, as PEM.</summary>
    public Optional<string?> ClientCertificate { get; init; }

    /// <summary>Whether the headers include <c>Authorization</c>. User info in a URL is sent in the same header.</summary>
    public bool HasAuthorization => Headers.IsSet && HookHeaders.HaveAuthorization(Headers.Value);

    /// <summary>Reads the settings from the fields. Adds an error to the fields for each setting that is not valid.</summary>
    /// <param name="fields">The fields.</param>
    /// <param name="type">The hook's event type; null if it is not known.</param>
    /// <param name="site">The only site whose events the hook receives; null for every site.</param>
    /// <param name="nullResets">Whether null resets a field to its default; if not, null is ignored.</param>
    /// <param name="now">The time at which certificates must be valid.</param>
    public static HookSettings Read(JsonFields fields, string? type, string? site, bool nullResets, DateTimeOffset now)
    {
        var settings = new HookSettings
        {
            Format = Take<IFormat?>("format", null, name => ReadFormat(fields, name)),
            FormatSettings = Take<IReadOnlyDictionary<string, string>>(HookFormatSettings.Field, NoSettings, name => HookFormatSettings.Read(fields, name) ?? NoSettings),
            Template = Take<IReadOnlyDictionary<string, string>?>(HookTemplates.Field, null, _ => HookTemplates.Read(fields, type)),
            LogLines = Take<int?>("log_lines", null, name => fields.Number(name, 0, MaxLogLines)),
            Description = Take("description", "", name => fields.Text(name, MaxDescription)),
            Filter = Take<string?>("filter", null, name => ReadFilter(fields, name, type, site)),
            Ordered = TakeFlag("ordered"),
            Rate = Take<int?>("rate", null, name => fields.Number(name, 1, MaxRate)),
            Headers = Take("headers", [], name => HookHeaders.Read(fields, name) ?? []),
            InsecureSsl = TakeFlag("insecure_ssl"),
            Authority = Take<string?>("ca", null, name => HookCertificates.Read(fields, name, pem => CertificateForm.RefusesAuthorities(pem, now))),
            ClientCertificate = Take<string?>("client_certificate", null, name => HookCertificates.Read(fields, name, pem => CertificateForm.RefusesClient(pem, now))),
        };
        return settings.Template.Or(null) is null ? settings : settings.WithTemplate(fields);

        // If a value cannot be read, that is an error in the fields, and the null that replaces it here is never used.
        Optional<T> Take<T>(string name, T unset, Func<string, T?> read) =>
            fields.Has(name) ? new Optional<T>(read(name)!)
            : nullResets && fields.IsNull(name) ? new Optional<T>(unset)
            : default;

        Optional<bool> TakeFlag(string name) => Take(name, false, flag => fields.Flag(flag) ?? false);
    }

    /// <summary>Sets the format that a template implies, and adds an error to the fields if another one was sent.</summary>
    private HookSettings WithTemplate(JsonFields fields)
    {
        if (Format.Or(null) is { } other && other != FormatCatalog.Template)
        {
            fields.Refuse(HookTemplates.Field, $"'{HookTemplates.Field}' cannot be used with the format '{other.Facts.Name}'. Leave out 'format', or send the format 'template'.");
        }

        if (FormatSettings.IsSet)
        {
            fields.Refuse(HookTemplates.Field, $"'{HookTemplates.Field}' cannot be used together with '{HookFormatSettings.Field}'.");
        }

        return this with { Format = new Optional<IFormat?>(FormatCatalog.Template) };
    }

    /// <summary>Returns the hook with these settings applied.</summary>
    /// <param name="hook">The hook.</param>
    /// <param name="encrypted">The secret settings, encrypted by <see cref="Encrypt"/>.</param>
    public HookRecord Apply(HookRecord hook, EncryptedSettings encrypted)
    {
        IFormat format = Format.IsSet ? Format.Value ?? FormatCatalog.Of(new HookUrl(hook.Url, null).ToUri()) : FormatCatalog.Get(hook.Format);
        HookRecord written = NameOf(format) == hook.Format ? hook : InFormat(hook, format);
        return written with
        {
            FormatSettings = FormatSettings.IsSet || (Template.IsSet && format == FormatCatalog.Template) ? encrypted.FormatSettings : written.FormatSettings,
            LogLines = LogLines.IsSet ? LogLines.Value ?? format.Facts.LogLines : written.LogLines,
            Description = Description.Or(hook.Description),
            Filter = Filter.Or(hook.Filter),
            Ordered = Ordered.Or(hook.Ordered),
            Rate = Rate.Or(hook.Rate),
            Headers = Headers.IsSet ? encrypted.Headers : hook.Headers,
            InsecureSsl = InsecureSsl.Or(hook.InsecureSsl),
            Authority = Authority.Or(hook.Authority),
            ClientCertificate = ClientCertificate.IsSet ? encrypted.ClientCertificate : hook.ClientCertificate,
        };
    }

    /// <summary>Returns the hook in another format. What it set for the earlier format is lost.</summary>
    public static HookRecord InFormat(HookRecord hook, IFormat format) => hook with { Format = NameOf(format), FormatSettings = null, LogLines = format.Facts.LogLines };

    /// <summary>Encrypts the secret settings. Call it before the write begins, because a write transaction must be short.</summary>
    public EncryptedSettings Encrypt(SecretBox secrets) => new(
        Headers.IsSet ? HookHeaders.Encrypt(Headers.Value, secrets) : null,
        ClientCertificate.Or(null) is { } certificate ? secrets.Encrypt(certificate) : null,
        FormatSettings.IsSet ? HookFormatSettings.Encrypt(FormatSettings.Value, secrets)
            : Template.Or(null) is { } template ? HookFormatSettings.Encrypt(template, secrets)
            : null);

    /// <summary>Adds an error to the fields if the format cannot be used with the URL or the event type, or does not accept its settings.</summary>
    /// <param name="fields">The fields.</param>
    /// <param name="url">The URL of the hook.</param>
    /// <param name="type">The event type of the hook.</param>
    /// <param name="destinations">Decides where hooks may lead.</param>
    /// <param name="known">The format of the hook so far; null if it is new. An existing hook can only change its format.</param>
    public void CheckFormat(JsonFields fields, Uri url, string type, Destinations destinations, IFormat? known = null)
    {
        IFormat format = Format.Or(known) ?? FormatCatalog.Of(url);
        if (known is null || Format.IsSet)
        {
            Refuse("url", destinations.Refuses(format, url));
            Refuse("event", format.Facts.WrongEvent(type));
        }

        // Without a format, the hook that exists decides.
        if (FormatSettings.IsSet && fields.Errors.Count == 0 && (known is not null || Format.IsSet))
        {
            HookFormatSettings.Check(fields, format, FormatSettings.Value);
        }

        void Refuse(string field, string? reason)
        {
            if (reason is not null)
            {
                fields.Refuse(known is null ? field : "format", reason);
            }
        }
    }

    /// <summary>
    /// Returns the error if the format of a hook to which these settings were applied does not accept its settings, or needs settings that it lacks; otherwise null.
    /// </summary>
    public FieldError? RefusesSettings(HookRecord applied)
    {
        IFormat format = FormatCatalog.Get(applied.Format);
        if (!FormatSettings.IsSet || format == FormatCatalog.Template)
        {
            return applied.FormatSettings is null ? HookFormatSettings.RefusesNone(format) : null;
        }

        JsonFields fields = JsonFields.Empty;
        HookFormatSettings.Check(fields, format, FormatSettings.Value);
        return fields.Errors.Count > 0 ? fields.Errors[0] : null;
    }

    /// <summary>Returns the name under which a format is stored; null for Kudu's.</summary>
    private static string? NameOf(IFormat format) => format == FormatCatalog.Kudu ? null : format.Facts.Name;

    private static IFormat? ReadFormat(JsonFields fields, string name)
    {
        string? text = fields.Text(name);
        IFormat? format = text is null ? null : FormatCatalog.Find(text);
        if (text is not null && format is null)
        {
            fields.Refuse(name, $"'format' must be one of {string.Join(", ", FormatCatalog.All.Select(known => known.Facts.Name))}. If you leave it out, the format fits the url.");
        }

        return format;
    }

    private static string? ReadFilter(JsonFields fields, string name, string? type, string? site)
    {
        IReadOnlyList<HookFilter>? filters = FilterForm.Read(fields.Element(name)!.Value, type, site, reason => fields.Refuse(name, reason));
        return filters is null ? null : Events.Filter.Write(filters);
    }
}
