using System.Text.Json;

namespace Nyala.Tests.Cli.Support;

/// <summary>A request that a <see cref="FakeNyala"/> got.</summary>
internal sealed record Call(string Method, string Path, string Body, string? Authorization, string? Prefer)
{
    /// <summary>What it is, in short: the status of a report, else method and path.</summary>
    public string Short => Method == "PUT" ? $"status {Json.GetProperty("status").GetInt32()}" : $"{Method} {Path}";

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>The text of a field of the body.</summary>
    public string? this[string field] => Json.GetProperty(field).GetString();

    /// <summary>The log lines in these calls.</summary>
    public static IEnumerable<string> LinesIn(IEnumerable<Call> calls) => calls
        .Where(call => call.Method == "POST")
        .SelectMany(call => call.Json.EnumerateArray())
        .Select(line => line.GetProperty("message").GetString()!);
}
