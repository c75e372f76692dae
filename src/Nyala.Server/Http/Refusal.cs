using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Nyala.Server.Http;

/// <summary>Creates error responses: problem+json (RFC 9457), or Kudu's format at endpoints whose clients read that.</summary>
internal static class Refusal
{
    /// <summary>400: the request is not valid.</summary>
    public static ProblemHttpResult BadRequest(string title, string detail) =>
        TypedResults.Problem(detail, title: title, statusCode: StatusCodes.Status400BadRequest);

    /// <summary>400 with a reason for each field.</summary>
    public static ProblemHttpResult BadFields(string title, IReadOnlyList<FieldError> errors) => TypedResults.Problem(
        string.Join(' ', errors.Select(error => error.Text)),
        title: title,
        statusCode: StatusCodes.Status400BadRequest,
        extensions: [new("errors", errors.GroupBy(error => error.Field).ToDictionary(group => group.Key, group => group.Select(error => error.Text).ToArray()))]);

    /// <summary>404: the object does not exist.</summary>
    public static ProblemHttpResult NotFound(string title, string detail) =>
        TypedResults.Problem(detail, title: title, statusCode: StatusCodes.Status404NotFound);

    /// <summary>409: the current state does not allow the request.</summary>
    public static ProblemHttpResult Conflict(string title, string detail) =>
        TypedResults.Problem(detail, title: title, statusCode: StatusCodes.Status409Conflict);

    /// <summary>422: the request is well-formed, but contradicts an earlier one.</summary>
    public static ProblemHttpResult Unprocessable(string title, string detail) =>
        TypedResults.Problem(detail, title: title, statusCode: StatusCodes.Status422UnprocessableEntity);

    /// <summary>429: the maximum number of such operations is in progress.</summary>
    public static ProblemHttpResult TooMany(string detail) =>
        TypedResults.Problem(detail, title: "Too many requests", statusCode: StatusCodes.Status429TooManyRequests);

    /// <summary>508: the request is part of a loop.</summary>
    public static ProblemHttpResult LoopDetected(string detail) =>
        TypedResults.Problem(detail, title: "Loop detected", statusCode: StatusCodes.Status508LoopDetected);

    /// <summary><c>{"Message": …}</c>, the error format of Kudu's deployments API.</summary>
    public static JsonHttpResult<KuduMessage> Kudu(int status, string message) =>
        TypedResults.Json(new KuduMessage(message), HttpJson.Wire.KuduMessage, statusCode: status);
}

/// <summary>An error response in Kudu's format.</summary>
internal sealed record KuduMessage([property: JsonPropertyName("Message")] string Message);

/// <summary>An error in one field.</summary>
internal readonly record struct FieldError(string Field, string Text);

[JsonSerializable(typeof(KuduMessage))]
[JsonSerializable(typeof(Dictionary<string, string[]>))]
internal sealed partial class HttpJson : JsonSerializerContext
{
    /// <summary>Writes text without HTML-safe escapes, because the body is JSON and never HTML.</summary>
    public static HttpJson Wire { get; } = new(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
