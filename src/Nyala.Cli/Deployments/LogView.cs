using Nyala.Cli.Output;
using Nyala.Client;

namespace Nyala.Cli.Deployments;

/// <summary>A line of a log as people read it; escape sequences in it are left out.</summary>
internal static class LogView
{
    /// <summary>With its time.</summary>
    public static string Line(LogEntry entry) => $"{Display.Time(entry.LogTime)}  {Plain(entry)}";

    /// <summary>Its text.</summary>
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
