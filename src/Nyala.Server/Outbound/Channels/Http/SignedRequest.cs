using System.Globalization;
using System.Net.Http.Headers;
using System.Reflection;
using Nyala.Client;

namespace Nyala.Server.Outbound.Channels.Http;

/// <summary>Composes the request of an attempt.</summary>
internal static class SignedRequest
{
    public static readonly string UserAgent =
        "Nyala/" + typeof(SignedRequest).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>Composes the request, signed at the time <paramref name="now"/>. The signed bytes are the bytes that are sent.</summary>
    public static HttpRequestMessage Compose(Attempt attempt, HttpTarget target, DateTimeOffset now)
    {
        var content = new ReadOnlyMemoryContent(attempt.Content.Body);
        content.Headers.TryAddWithoutValidation("Content-Type", attempt.Content.ContentType);
        var request = new HttpRequestMessage(HttpMethod.Post, target.Url) { Content = content };
        string timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        HttpRequestHeaders headers = request.Headers;
        if (!target.Headers.Any(header => header.Name.Equals("User-Agent", StringComparison.OrdinalIgnoreCase)))
        {
            headers.TryAddWithoutValidation("User-Agent", UserAgent);
        }

        headers.TryAddWithoutValidation(WebhookSignature.IdHeader, attempt.WebhookId);
        headers.TryAddWithoutValidation(WebhookSignature.TimestampHeader, timestamp);
        headers.TryAddWithoutValidation(WebhookSignature.SignatureHeader, Sign(attempt, target, timestamp, now));
        headers.TryAddWithoutValidation("Nyala-Event", attempt.EventType);
        headers.TryAddWithoutValidation("Nyala-Attempt", attempt.Number.ToString(CultureInfo.InvariantCulture));
        if (attempt.Chain is { } chain)
        {
            headers.TryAddWithoutValidation("Nyala-Chain", chain.ToString(CultureInfo.InvariantCulture));
        }

        if (attempt.Trace is { } trace)
        {
            headers.TryAddWithoutValidation("traceparent", trace);
        }

        if (target.Authorization is { } authorization)
        {
            headers.TryAddWithoutValidation("Authorization", authorization);
        }

        foreach (CustomHeader header in target.Headers)
        {
            // The framework stores some headers with the content, and refuses them elsewhere.
            if (!headers.TryAddWithoutValidation(header.Name, header.Value))
            {
                content.Headers.TryAddWithoutValidation(header.Name, header.Value);
            }
        }

        return request;
    }

    private static string Sign(Attempt attempt, HttpTarget target, string timestamp, DateTimeOffset now)
    {
        IReadOnlyList<byte[]> keys = target.Retired is { } retired && retired.Until > now ? [.. target.Keys, retired.Key] : target.Keys;
        return keys.Count == 1
            ? WebhookSignature.Sign(keys[0], attempt.WebhookId, timestamp, attempt.Content.Body.Span)
            : string.Join(' ', keys.Select(key => WebhookSignature.Sign(key, attempt.WebhookId, timestamp, attempt.Content.Body.Span)));
    }
}
