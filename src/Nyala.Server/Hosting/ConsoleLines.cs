using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Nyala.Server.Processes;

namespace Nyala.Server.Hosting;

/// <summary>
/// Writes each log entry as one line, and removes everything that could control the terminal. Reasons, names and git's messages come from other parties.
/// </summary>
internal sealed class ConsoleLines(TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "nyala";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        string time = clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        string message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        string line = $"{time} {Word(logEntry.LogLevel)}: {logEntry.Category}[{logEntry.EventId.Id}] {message}{(logEntry.Exception is { } error ? $" {error}" : "")}";
        textWriter.WriteLine(TerminalFilter.Clean(line.ReplaceLineEndings(" ")));
    }

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };
}

internal static class ConsoleLinesSetup
{
    /// <summary>Logs to standard error, one line per entry.</summary>
    public static ILoggingBuilder AddConsoleLines(this ILoggingBuilder logging)
    {
        logging.Services.AddSingleton<ConsoleFormatter, ConsoleLines>();
        return logging.AddConsole(console => (console.LogToStandardErrorThreshold, console.FormatterName) = (LogLevel.Trace, ConsoleLines.FormatterName));
    }
}
