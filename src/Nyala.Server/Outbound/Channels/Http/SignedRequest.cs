using System.Globalization;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text;
using Nyala.Client;
using Nyala.Server.Outbound.Formats;

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
        RequestForm form = attempt.Content.Form;
        var request = new HttpRequestMessage(MethodOf(form), UrlOf(target.Url, form)) { Content = content };
        string timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        HttpRequestHeaders headers = request.Headers;
        if (!target.Has("User-Agent") && (form.Headers.Count == 0 || !form.Headers.Any(header => header.Name.Equals("User-Agent", StringComparison.OrdinalIgnoreCase))))
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

        if ((target.Authorize?.Invoke(form.Method, request.RequestUri!, now) ?? target.Authorization) is { } authorization)
        {
            headers.TryAddWithoutValidation("Authorization", authorization);
        }

        foreach (CustomHeader header in form.Headers)
        {
            if (!target.Has(header.Name))
            {
                Add(request, header);
            }
        }

        foreach (CustomHeader header in target.Headers)
        {
            Add(request, header);
        }

        return request;
    }

    private static HttpMethod MethodOf(RequestForm form) => form.Method == HttpMethod.Post.Method ? HttpMethod.Post : HttpMethod.Parse(form.Method);

    /// <summary>Adds the form's path and query to the URL of a hook. Nothing of the hook's URL is rewritten.</summary>
    private static Uri UrlOf(Uri url, RequestForm form)
    {
        if (form.Path.Length == 0)
        {
            return url;
        }

        string whole = url.OriginalString;
        int fragment = whole.IndexOf('#', StringComparison.Ordinal);
        whole = fragment < 0 ? whole : whole[..fragment];
        int query = whole.IndexOf('?', StringComparison.Ordinal);
        string path = (query < 0 ? whole : whole[..query]).TrimEnd('/');
        string rest = query < 0 ? "" : (form.Path.Contains('?', StringComparison.Ordinal) ? '&' : '?') + whole[(query + 1)..];
        string all = path + form.Path + rest;
        return new Uri(all, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = Ascii.IsValid(all) });
    }

    private static void Add(HttpRequestMessage request, CustomHeader header)
    {
        // The framework stores some headers with the content, and refuses them elsewhere.
        if (!request.Headers.TryAddWithoutValidation(header.Name, header.Value))
        {
            request.Content!.Headers.TryAddWithoutValidation(header.Name, header.Value);
        }
    }

    private static string Sign(Attempt attempt, HttpTarget target, string timestamp, DateTimeOffset now)
    {
        IReadOnlyList<byte[]> keys = target.Retired is { } retired && retired.Until > now ? [.. target.Keys, retired.Key] : target.Keys;
        return keys.Count == 1
            ? WebhookSignature.Sign(keys[0], attempt.WebhookId, timestamp, attempt.Content.Body.Span)
            : string.Join(' ', keys.Select(key => WebhookSignature.Sign(key, attempt.WebhookId, timestamp, attempt.Content.Body.Span)));
    }
}
