using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Net.Http.Headers;

namespace Nyala.Server.Http;

/// <summary>JSON with an <c>ETag</c> over its bytes. The response is 304 if the caller already has it.</summary>
internal sealed class JsonWithETag<T>(T value, JsonTypeInfo<T> type) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(value, type);
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 16))}\"");
        HttpResponse response = httpContext.Response;
        response.Headers.ETag = tag.ToString();
        if (Has(httpContext.Request.GetTypedHeaders().IfNoneMatch, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, httpContext.RequestAborted);
    }

    private static bool Has(IList<EntityTagHeaderValue> known, EntityTagHeaderValue tag) =>
        known.Any(candidate => candidate.Equals(EntityTagHeaderValue.Any) || candidate.Compare(tag, useStrongComparison: false));
}
