using System.Text.Json;

namespace Nyala.Tests.Cli.Support;

/// <summary>A request that a <see cref="FakeNyala"/> received.</summary>
internal sealed record Call(string Method, string Path, string Body, string? Authorization, string? Prefer)
{
    /// <summary>A short description: the status if the call is a report, otherwise method and path.</summary>
    public string Short => Method == "PUT" ? $"status {Json.GetProperty("status").GetInt32()}" : $"{Method} {Path}";

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>Returns the text of a field of the body.</summary>
    public string? this[string field] => Json.GetProperty(field).GetString();

    /// <summary>Returns the log lines in these calls.</summary>
    public static IEnumerable<string> LinesIn(IEnumerable<Call> calls) => calls
        .Where(call => call.Method == "POST")
        .SelectMany(call => call.Json.EnumerateArray())
        .Select(line => line.GetProperty("message").GetString()!);
}
