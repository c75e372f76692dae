using Nyala.Cli.Output;
using Nyala.Client;

namespace Nyala.Cli.Deployments;

/// <summary>Formats log entries for people. Escape sequences are removed.</summary>
internal static class LogView
{
    /// <summary>Returns the time and text of an entry.</summary>
    public static string Line(LogEntry entry) => $"{Display.Time(entry.LogTime)}  {Plain(entry)}";

    /// <summary>Returns the text of an entry.</summary>
    public static string Plain(LogEntry entry)
    {
        string kind = entry.Type switch
        {
            LogEntryType.Warning => "warning: ",
            LogEntryType.Error => "error: ",
            _ => "",
        };
        return kind + TerminalText.Plain(entry.Message.ReplaceLineEndings(" "));
    }
}
