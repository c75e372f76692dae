using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Nyala.Server.Http;

/// <summary>The answers that refuse: problem+json (RFC 9457), and Kudu's form where its clients read that.</summary>
internal static class Refusal
{
    /// <summary>400: what the caller sent cannot be used.</summary>
    public static ProblemHttpResult BadRequest(string title, string detail) =>
        TypedResults.Problem(detail, title: title, statusCode: StatusCodes.Status400BadRequest);

    /// <summary>400 with a reason for each field.</summary>
    public static ProblemHttpResult BadFields(string title, IReadOnlyList<FieldError> errors) => TypedResults.Problem(
        string.Join(' ', errors.Select(error => error.Text)),
        title: title,
        statusCode: StatusCodes.Status400BadRequest,
        extensions: [new("errors", errors.GroupBy(error => error.Field).ToDictionary(group => group.Key, group => group.Select(error => error.Text).ToArray()))]);

    /// <summary>404.</summary>
    public static ProblemHttpResult NotFound(string title, string detail) =>
        TypedResults.Problem(detail, title: title, statusCode: StatusCodes.Status404NotFound);

    /// <summary>409.</summary>
    public static ProblemHttpResult Conflict(string title, string detail) =>
        TypedResults.Problem(detail, title: title, statusCode: StatusCodes.Status409Conflict);

    /// <summary>422: well-formed, and against what was said before.</summary>
    public static ProblemHttpResult Unprocessable(string title, string detail) =>
        TypedResults.Problem(detail, title: title, statusCode: StatusCodes.Status422UnprocessableEntity);

    /// <summary>429: as much of it is under way as may be.</summary>
    public static ProblemHttpResult TooMany(string detail) =>
        TypedResults.Problem(detail, title: "Too many at a time", statusCode: StatusCodes.Status429TooManyRequests);

    /// <summary>508: it goes round.</summary>
    public static ProblemHttpResult LoopDetected(string detail) =>
        TypedResults.Problem(detail, title: "This goes round in circles", statusCode: StatusCodes.Status508LoopDetected);

    /// <summary>501: part of Kudu's API that this version does not serve.</summary>
    public static ProblemHttpResult NotImplemented(string detail) =>
        TypedResults.Problem(detail, title: "Not implemented", statusCode: StatusCodes.Status501NotImplemented);

    /// <summary><c>{"Message": …}</c>, as Kudu's deployments API refuses.</summary>
    public static JsonHttpResult<KuduMessage> Kudu(int status, string message) =>
        TypedResults.Json(new KuduMessage(message), HttpJson.Wire.KuduMessage, statusCode: status);
}

/// <summary>Kudu's form of a refusal.</summary>
internal sealed record KuduMessage([property: JsonPropertyName("Message")] string Message);

/// <summary>What is wrong with one field.</summary>
internal readonly record struct FieldError(string Field, string Text);

[JsonSerializable(typeof(KuduMessage))]
[JsonSerializable(typeof(Dictionary<string, string[]>))]
internal sealed partial class HttpJson : JsonSerializerContext
{
    /// <summary>Writes text as it is: the body is JSON and never HTML.</summary>
    public static HttpJson Wire { get; } = new(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
