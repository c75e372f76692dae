using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Nyala.Client;
using Nyala.Client.Json;
using Nyala.Server.Http;

namespace Nyala.Server.Deployments;

/// <summary>Reads log lines that a deployer sends: a JSON array of entries, or plain text.</summary>
internal static class LogForm
{
    /// <summary>Reads the lines; those of a plain text are read one by one. Returns null, with the reason, if the body has neither form.</summary>
    public static IEnumerable<LogLine>? Read(byte[] body, string? contentType, out string reason)
    {
        reason = "";
        bool json = contentType is not null && contentType.Contains("json", StringComparison.OrdinalIgnoreCase);
        bool array = body.AsSpan().TrimStart(" \t\r\n"u8) is [(byte)'[', ..];
        if (json || (array && RequestBody.IsJson(body, out _)))
        {
            return ReadJson(body, out reason);
        }

        if (!Utf8.IsValid(body))
        {
            reason = "The log is not valid UTF-8.";
            return null;
        }

        return RunLogs.SplitLines(Encoding.UTF8.GetString(body)).Select(line => new LogLine { Message = line });
    }

    private static IReadOnlyList<LogLine>? ReadJson(byte[] body, out string reason)
    {
        const string Form = "A log must be plain text, or a JSON array of {\"message\": string, \"type\": 0, 1 or 2, \"log_time\": time}.";
        if (!RequestBody.IsJson(body, out reason))
        {
            return null;
        }

        try
        {
            IReadOnlyList<LogLine?>? lines = JsonSerializer.Deserialize(body, NyalaJson.Wire.IReadOnlyListLogLine);
            if (lines is not null && lines.All(line => line is { Message: not null } && Enum.IsDefined(line.Type)))
            {
                return lines!;
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // A value has a wrong type, or an escape is not valid text. The reason below states the accepted form.
        }

        reason = Form;
        return null;
    }
}
