using System.Text;
using Nyala.Client;
using Nyala.Server.Hooks;
using Nyala.Server.Outbound;
using Nyala.Server.Outbound.Channels;
using Nyala.Server.Outbound.Formats;
using Nyala.Server.Secrets;
using Nyala.Server.Sites;
using Nyala.Server.Storage;

namespace Nyala.Server.Delivery;

/// <summary>Shows the request that a hook would send. It makes the request in the same way as an attempt, and sends nothing.</summary>
internal sealed class Previewer(IStore store, ITargets targets, SecretBox secrets, NyalaOptions options, TimeProvider clock)
{
    private const int MaxPings = 100;

    /// <param name="site">The site of the hook; null at the root.</param>
    /// <param name="form">The hook.</param>
    /// <param name="id">The event to show; null for the newest that the hook would have received.</param>
    /// <param name="sample">The sample to show; null for an event.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The request, or why the event cannot be rendered; null if there is no such event.</returns>
    public async Task<(HookPreview? Request, string? Refusal)?> PreviewAsync(string? site, HookForm form, long? id, string? sample, CancellationToken cancellationToken)
    {
        (EventRecord? past, HookRecord? known, string host) = await store.ReadAsync(
            tables => (sample is null ? Past(tables, site, form.Event, id) : null, tables.Hooks.FindByUrl(site, form.Url.Url), SiteHost.Of(tables.Sites, SiteOf(site), options)),
            cancellationToken);
        HookRecord hook = form.Draft(site, known, secrets);
        if (id is not null && past is null)
        {
            return null;
        }

        EventContent content = past is not null
            ? new EventContent(past.Type, past.Body) { Id = past.Id, Time = IdSource.TimeOf(past.Id), Site = past.Site }
            : SampleEvents.Of(sample ?? Usual(form.Event), SiteOf(site), host, SiteHost.ApiUrl(SiteOf(site), options), clock.GetUtcNow());
        Target target = targets.Of(hook);
        Rendered rendered = target.Render(content, past is null ? SampleEvents.LogTailOf(sample) : past.LogTail);
        if (rendered.Refusal is { } refusal)
        {
            return (null, refusal);
        }

        var attempt = new Attempt(target, WebhookId.Of(0), content.Type, 1, rendered) { Chain = past?.Chain > 0 ? past.Chain : null };
        RequestPreview request = target.Channel.Preview(attempt);
        var preview = new HookPreview
        {
            Format = target.Format.Facts.Name,
            Event = past is null ? null : DeliveryView.Id(past.Id),
            Method = request.Method,
            Url = request.Url,
            Headers = WireText.Headers(request.Headers) ?? [],
            Body = WithoutSecrets(request.Body ?? Encoding.UTF8.GetString(rendered.Body.Span), target),
        };
        return (preview, null);
    }

    /// <summary>Masks the secret settings of a format that writes them into the body.</summary>
    private static string WithoutSecrets(string body, Target target) => target.Format.Facts.Settings
        .Where(setting => setting.IsSecret)
        .Select(setting => target.Settings[setting.Name])
        .OfType<string>()
        .Aggregate(body, (text, secret) => text.Replace(secret, CustomHeader.Mask, StringComparison.Ordinal));

    private static EventRecord? Past(ITables tables, string? site, string type, long? id)
    {
        // No hook is subscribed to pings.
        long? found = id ?? tables.Events.Search(new EventQuery { Site = site, Type = type == EventTypes.Any ? null : type, Limit = MaxPings }).Entries
            .FirstOrDefault(head => head.Type != EventTypes.Ping)?.Id;
        return found is { } known && tables.Events.Find(known) is { } past && (site is null || past.Site.Equals(site, StringComparison.OrdinalIgnoreCase)) ? past : null;
    }

    private static string Usual(string type) => type.Equals(EventTypes.DeploymentStarted, StringComparison.OrdinalIgnoreCase) ? "started" : "success";

    private string SiteOf(string? site) => site ?? options.Sites.Default;
}
