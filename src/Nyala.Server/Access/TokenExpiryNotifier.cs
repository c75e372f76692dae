using System.Text.Json;
using Nyala.Client;
using Nyala.Client.Json;
using Nyala.Server.Events;
using Nyala.Server.Storage;

namespace Nyala.Server.Access;

/// <summary>
/// Raises <c>TokenExpiring</c> for tokens that expire soon. The stage of the warning is written in the transaction that accepts the event, so that neither a
/// restart nor a second node repeats the warning.
/// </summary>
internal sealed class TokenExpiryNotifier(IStore store, Publisher publisher, NyalaOptions options, TimeProvider clock, ILogger<TokenExpiryNotifier> logger)
    : PeriodicService(TimeSpan.FromHours(1), clock, atStart: true)
{
    private const int Batch = 100;

    private static readonly TimeSpan Ahead = TimeSpan.FromDays(ExpiryRule.Stages[0]);

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        DateTimeOffset until = Clock.GetUtcNow() + Ahead;
        (DateTimeOffset Expires, long Id) after = (Clock.GetUtcNow(), long.MaxValue);
        IReadOnlyList<TokenRecord> page;
        do
        {
            page = await store.ReadAsync(tables => tables.Tokens.Expiring(after, until, Batch), stoppingToken);
            foreach (TokenRecord token in page)
            {
                after = (token.Expires!.Value, token.Id);
                await WarnAsync(token.Id);
            }
        }
        while (page.Count == Batch);
    }

    protected override void Failed(Exception error) => AccessLog.ExpiryNotTold(logger, error.Message);

    private async Task WarnAsync(long id)
    {
        DateTimeOffset now = Clock.GetUtcNow();
        using Publication publication = publisher.Begin(wait: false);
        bool warned = await store.WriteAsync(tables =>
        {
            if (tables.Tokens.Find(id) is not { Expires: { } expires } token || ExpiryRule.Due(token.Created, expires, token.Warned, now) is not { } stage)
            {
                return false;
            }

            tables.Tokens.Warn(id, stage);
            publication.Accept(tables, new NewEvent(EventTypes.TokenExpiring, token.Site ?? options.Sites.Default, Describe(token, expires, now)));
            return true;
        });
        if (warned)
        {
            await publication.AnnounceAsync(TimeSpan.Zero, CancellationToken.None);
        }
    }

    private static byte[] Describe(TokenRecord token, DateTimeOffset expires, DateTimeOffset now)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body, new JsonWriterOptions { Encoder = NyalaJson.Wire.Options.Encoder }))
        {
            json.WriteStartObject();
            json.WriteString("event", EventTypes.TokenExpiring);
            json.WriteString("tokenId", token.Id.ToString(null as IFormatProvider));
            json.WriteString("tokenName", token.Name);
            json.WriteString("site", token.Site);
            json.WriteString("scopes", ScopeNames.Spell(token.Scopes, " "));
            json.WriteString("expires", KuduTime.Format(expires));
            json.WriteNumber("daysLeft", (int)(expires - now).TotalDays);
            json.WriteString("time", KuduTime.Format(now));
            json.WriteEndObject();
        }

        return body.ToArray();
    }
}
