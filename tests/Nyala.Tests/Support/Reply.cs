using System.Net;
using System.Text.Json;

namespace Nyala.Tests.Support;

/// <summary>A response of the server, read to its end.</summary>
internal sealed record Reply(HttpStatusCode Status, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public int Code => (int)Status;

    public string? ContentType => Headers.GetValueOrDefault("Content-Type");

    public JsonElement Json => JsonElement.Parse(Text);

    /// <summary>The <c>detail</c> of problem+json, or Kudu's <c>Message</c>.</summary>
    public string Reason => Json.TryGetProperty("detail", out JsonElement detail) ? detail.GetString()! : Json.GetProperty("Message").GetString()!;

    public string this[string field] => Json.GetProperty(field).ToString();

    public static async Task<Reply> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            var headers = response.Headers.Concat(response.Content.Headers)
                .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
            return new Reply(response.StatusCode, text, headers);
        }
    }
}
