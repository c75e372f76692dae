using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Nyala.Server.Hosting;
using Nyala.Tests.Support;

namespace Nyala.Tests.Hosting;

/// <summary>The format of the server's log on a console.</summary>
public sealed class ConsoleLinesTests
{
    [Fact]
    public void Control_sequences_in_a_log_message_do_not_reach_the_terminal()
    {
        string line = Write("Delivery 7: \u001b[31mred\u001b]0;title\a \u202egnp.exe\u0007 \u009b2J a\tb", null);

        Assert.Equal("2026-02-27T17:44:25.856Z warn: Nyala.Test[1001] Delivery 7: red gnp.exe  a\tb" + Environment.NewLine, line);
    }

    [Fact]
    public void A_log_entry_is_written_as_one_line()
    {
        string line = Write("one\ntwo\r\nthree\u2028four", new InvalidOperationException("five\n\u001b[2Jsix"));

        Assert.Equal("2026-02-27T17:44:25.856Z warn: Nyala.Test[1001] one two three four System.InvalidOperationException: five six" + Environment.NewLine, line);
    }

    [Fact]
    public void The_console_logger_uses_ConsoleLines_and_writes_to_standard_error()
    {
        var services = new ServiceCollection();
        services.AddSingleton(TimeProvider.System).AddLogging(logging => logging.AddConsoleLines());
        using ServiceProvider provider = services.BuildServiceProvider();

        ConsoleLoggerOptions options = provider.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value;

        Assert.IsType<ConsoleLines>(Assert.Single(provider.GetServices<ConsoleFormatter>(), formatter => formatter.Name == options.FormatterName));
        Assert.Equal(LogLevel.Trace, options.LogToStandardErrorThreshold);
    }

    private static string Write(string message, Exception? error)
    {
        using var written = new StringWriter();
        new ConsoleLines(new SignalClock()).Write(new LogEntry<string>(LogLevel.Warning, "Nyala.Test", new EventId(1001), message, error, (state, _) => state), null, written);
        return written.ToString();
    }
}
