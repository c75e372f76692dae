using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Nyala.Client.Json;

namespace Nyala.Client;

/// <summary>
/// A client of a server's API. Every call throws <see cref="NyalaException"/> with the reason if the server refuses it, and
/// <see cref="HttpRequestException"/> if the server cannot be reached. Thread-safe.
/// </summary>
public sealed partial class NyalaClient : IDisposable
{
    private const int MaxReasonLength = 1000;

    private readonly Connection _connection;
    private readonly string _site;

    /// <summary>Creates a client for the server's root, where hooks get the events of every site, and deployments belong to the default site.</summary>
    /// <param name="server">The server's base address, for example <c>http://127.0.0.1:8484</c>.</param>
    /// <param name="token">An access token; null if the server needs none.</param>
    /// <param name="timeout">The time-out of a call; null for 100 seconds.</param>
    public NyalaClient(Uri server, string? token, TimeSpan? timeout = null)
        : this(new Connection(server, token, timeout), "")
    {
    }

    /// <summary>Creates a client that opens its connections with a function.</summary>
    internal NyalaClient(
        Uri server, string? token, TimeSpan? timeout, Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>>? connect)
        : this(new Connection(server, token, timeout, connect), "")
    {
    }

    private NyalaClient(Connection connection, string site)
    {
        _connection = connection;
        _site = site.Length == 0 ? "" : $"sites/{Uri.EscapeDataString(site)}/";
    }

    /// <summary>When this client's token expires, as the server last reported it; null if it does not expire, or before the first response.</summary>
    public DateTimeOffset? TokenExpires => _connection.TokenExpires;

    /// <summary>Returns a client for one site; null for the server's root. It shares this client's connections and lifetime.</summary>
    public NyalaClient ForSite(string? site) => new(_connection, site ?? "");

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private async Task<T> ReadAsync<T>(
        HttpMethod method, string path, HttpContent? content, JsonTypeInfo<T> type, CancellationToken cancellationToken, bool respondAsync = false)
        where T : class
    {
        using HttpResponseMessage response = await SendAsync(method, path, content, cancellationToken, respondAsync).ConfigureAwait(false);
        return await ReadAsync(response, type, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        T? value = await JsonSerializer.DeserializeAsync(body, type, cancellationToken).ConfigureAwait(false);
        return value ?? throw new NyalaException(response.StatusCode, "The server responded with null.");
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken, bool respondAsync = false, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(method, $"{_site}api/{path}") { Content = content };
        if (respondAsync)
        {
            request.Headers.Add("Prefer", "respond-async");
        }

        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        return await SendAsync(_connection.Timed, request, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw await RefusalAsync(response, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<NyalaException> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        string text = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        bool plain = response.Content.Headers.ContentType?.MediaType?.Equals("text/plain", StringComparison.OrdinalIgnoreCase) == true;
        string? reason = plain && text.Length is > 0 and <= MaxReasonLength ? text.Trim() : null;
        Problem? problem = null;
        if (response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.OrdinalIgnoreCase) == true)
        {
            try
            {
                problem = JsonSerializer.Deserialize(text, NyalaJson.Wire.Problem);
            }
            catch (JsonException)
            {
                // It is not a problem document, so the status line is the reason.
            }
        }

        return new NyalaException(
            response.StatusCode,
            problem?.Text ?? reason ?? $"The server responded with {(int)response.StatusCode} {HeaderText.Decode(response.ReasonPhrase ?? "")}.",
            problem?.Lines);
    }

    private static ByteArrayContent Json<T>(T value, JsonTypeInfo<T> type)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(value, type));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        return content;
    }
}
