using Nyala.Cli.Output;

namespace Nyala.Cli.Run;

/// <summary>Prints the messages of <c>nyala run</c> itself to standard error, one line each.</summary>
internal sealed class RunNotices(TextWriter error, bool quiet)
{
    /// <summary>Prints a message, unless <c>--quiet</c> is given.</summary>
    public void Print(string message)
    {
        if (!quiet)
        {
            PrintAlways(message);
        }
    }

    /// <summary>Prints a message even if <c>--quiet</c> is given.</summary>
    public void PrintAlways(string message)
    {
        lock (error)
        {
            error.WriteLine("nyala: " + TerminalText.OneLine(message));
            error.Flush();
        }
    }
}
