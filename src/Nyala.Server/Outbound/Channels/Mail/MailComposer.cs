using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MimeKit;
using MimeKit.Text;
using Nyala.Server.Outbound.Messages;

namespace Nyala.Server.Outbound.Channels.Mail;

/// <summary>Makes a mail of what it says about one event or about several.</summary>
internal static class MailComposer
{
    // The rest of a mail about many events is only listed, so that it stays readable.
    private const int MaxBlocks = 20;

    /// <param name="contents">What the mail says, oldest first.</param>
    /// <param name="id">What <see cref="IdOf"/> returns.</param>
    /// <param name="from">The sender.</param>
    /// <param name="to">The address of the hook.</param>
    /// <param name="now">The time of the mail.</param>
    public static MimeMessage Compose(IReadOnlyList<MailContent> contents, string id, MailboxAddress from, string to, DateTimeOffset now)
    {
        bool single = contents.Count == 1;
        string address = from.GetAddress(idnEncode: true);
        string domain = address[(address.LastIndexOf('@') + 1)..];
        IReadOnlyList<string> list = single ? [] : [.. contents.Select(content => content.Subject)];
        var mail = new MimeMessage
        {
            Subject = single ? contents[0].Subject : SubjectOf(contents),
            Date = now,
            MessageId = $"{id}@{domain}",
            InReplyTo = ThreadOf(contents, domain),
            Body = new MultipartAlternative
            {
                new TextPart(TextFormat.Plain) { Text = TextOf(contents, list) },
                new TextPart(TextFormat.Html) { Text = MailHtml.Document(list, contents.Take(MaxBlocks).Select(content => content.Html)) },
            },
        };
        mail.From.Add(from);
        mail.To.Add(new MailboxAddress(null, to));
        mail.References.Add(mail.InReplyTo);

        // RFC 3834: no vacation notice answers this.
        mail.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        mail.Headers.Add("X-Auto-Response-Suppress", "All");
        return mail;
    }

    /// <summary>
    /// Returns the beginning of the Message-ID. A repeated attempt has the same, so that receivers can drop duplicates; a mail about other events, or one that a person
    /// sends again, has another.
    /// </summary>
    public static string IdOf(Attempt attempt)
    {
        string resent = attempt.Earlier > 0 ? string.Create(CultureInfo.InvariantCulture, $".{attempt.Earlier}") : "";
        return attempt.More.Count == 0 ? attempt.WebhookId + resent : $"{attempt.WebhookId}{resent}.{Digest(string.Join(' ', attempt.More.Select(other => other.WebhookId)))}";
    }

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));

    private static string SubjectOf(IReadOnlyList<MailContent> contents)
    {
        string[] sites = [.. contents.Select(content => content.Site).Where(site => site.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase)];
        string where = sites.Length switch
        {
            0 => "",
            1 => $" at {sites[0]}",
            _ => string.Create(CultureInfo.InvariantCulture, $" at {sites.Length} sites"),
        };
        int bad = contents.Count(content => content.IsBad);
        return string.Create(CultureInfo.InvariantCulture, $"{contents.Count} events{where}{(bad > 0 ? $", {bad} failed" : "")}");
    }

    private static string TextOf(IReadOnlyList<MailContent> contents, IReadOnlyList<string> list)
    {
        var text = new StringBuilder();
        foreach (string line in list)
        {
            text.Append("- ").Append(line).Append('\n');
        }

        foreach (MailContent content in contents.Take(MaxBlocks))
        {
            text.Append(text.Length > 0 ? "\n----\n\n" : "").Append(content.Text);
        }

        return text.ToString();
    }

    /// <summary>Returns the Message-ID of a mail that was never sent, and that all mails about a site answer, so that mail clients show them as one thread.</summary>
    private static string ThreadOf(IReadOnlyList<MailContent> contents, string domain)
    {
        string site = contents.All(content => content.Site.Equals(contents[0].Site, StringComparison.OrdinalIgnoreCase)) ? contents[0].Site.ToUpperInvariant() : "";
        return $"site-{Digest(site)}@{domain}";
    }
}
