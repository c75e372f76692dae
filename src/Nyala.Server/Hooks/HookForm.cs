using Nyala.Client;
using Nyala.Server.Events;
using Nyala.Server.Http;
using Nyala.Server.Outbound;
using Nyala.Server.Outbound.Channels;
using Nyala.Server.Outbound.Formats;
using Nyala.Server.Secrets;
using Nyala.Server.Storage;

namespace Nyala.Server.Hooks;

/// <summary>A valid request to subscribe a hook.</summary>
internal sealed record HookForm(HookUrl Url, string Event, HookSettings Settings, string? Secret)
{
    /// <summary>Reads the form. Returns null, and adds errors to the fields, if a field is not valid.</summary>
    /// <param name="fields">The fields. Unknown fields and nulls are ignored, as Kudu does.</param>
    /// <param name="site">The site at which the hook is subscribed; null at the root.</param>
    /// <param name="destinations">Decides where hooks may lead.</param>
    /// <param name="now">The current time.</param>
    public static HookForm? Read(JsonFields fields, string? site, Destinations destinations, DateTimeOffset now)
    {
        HookUrl? url = ReadUrl(fields, destinations);
        string? type = fields.Text("event")?.Trim();
        bool known = type is not null && (type == EventTypes.Any || EventType.IsValid(type));
        if (type is null ? !fields.Has("event") : !known)
        {
            fields.Refuse("event", $"'event' must be an event type ({EventType.Rule}), or * for all types. {EventTypes.PostDeployment} is raised when a deployment ends.");
        }

        string? secret = ReadSecret(fields);
        HookSettings settings = HookSettings.Read(fields, known ? type : null, site, nullResets: false, now);
        if (url is not null && fields.Errors.Count == 0)
        {
            settings.CheckFormat(fields, url.ToUri(), type!, destinations);
            RefuseWithoutEffect(fields, url, settings.Format.Or(null) ?? FormatCatalog.Of(url.ToUri()));
        }

        if (settings.HasAuthorization && url?.UserInfo is not null)
        {
            fields.Refuse("headers", HookSettings.TwoAuthorizations);
        }

        return fields.Errors.Count == 0 ? new HookForm(url!, type!, settings, secret) : null;
    }

    /// <summary>Reads the URL. Returns null, and adds an error to the fields, if it is not valid.</summary>
    public static HookUrl? ReadUrl(JsonFields fields, Destinations destinations)
    {
        int before = fields.Errors.Count;
        string? given = fields.Text("url");
        HookUrl? url = HookUrl.Parse(given, out string reason);
        if (url is null)
        {
            if (given is not null || !fields.Has("url"))
            {
                fields.Refuse("url", reason);
            }
        }
        else if (url.IsMasked)
        {
            fields.Refuse("url", "'url' contains a masked password (***). Send the real password.");
        }
        else if (destinations.Refuses(url.ToUri()) is { } refusal)
        {
            fields.Refuse("url", $"'url' is refused: {refusal.Text}");
        }

        return fields.Errors.Count == before ? url : null;
    }

    /// <summary>Refuses the fields that only HTTP requests of the hook's own have.</summary>
    public static void RefuseWithoutEffect(JsonFields fields, HookUrl url, IFormat format)
    {
        string? why = !url.IsHttp ? $"for a {url.Scheme}: url" : format.Facts.Account != AccountKind.None ? $"in the format '{format.Facts.Name}', which uses an account of the server" : null;
        foreach (string field in why is null ? [] : HookSettings.OnlyHttp.Where(fields.Has))
        {
            fields.Refuse(field, $"'{field}' has no effect {why}. Leave it out.");
        }

        if (url is { IsHttp: true, UserInfo: not null } && why is not null)
        {
            fields.Refuse("url", $"User info has no effect {why}. Leave it out.");
        }
    }

    /// <summary>Returns the hook as a subscription would store it, without an id.</summary>
    /// <param name="site">The site of the hook; null at the root.</param>
    /// <param name="known">The hook that already has the URL, whose other settings are kept; null if there is none.</param>
    /// <param name="secrets">Encrypts the secrets.</param>
    public HookRecord Draft(string? site, HookRecord? known, SecretBox secrets)
    {
        HookRecord hook = (known ?? HookSettings.InFormat(new HookRecord { Id = 0, Event = Event, Url = Url.Url, Secret = "" }, FormatCatalog.Of(Url.ToUri()))) with
        {
            Site = site,
            UserInfo = Url.UserInfo is { } userInfo ? secrets.Encrypt(userInfo) : null,
            Secret = secrets.Encrypt(Secret ?? WebhookSecret.Create()),
            Retired = null,
        };
        return Settings.Apply(hook, Settings.Encrypt(secrets));
    }

    /// <summary>Reads a secret that the caller chose. Returns null if it is not set, or if it is not valid, which also adds an error to the fields.</summary>
    public static string? ReadSecret(JsonFields fields)
    {
        string? secret = fields.Text("secret");
        if (secret is not null && !WebhookSecret.TryDecode(secret, out _))
        {
            fields.Refuse("secret", "'secret' must be whsec_ followed by 24 to 64 bytes in base64. If you leave it out, the server generates one.");
        }

        return secret;
    }
}
