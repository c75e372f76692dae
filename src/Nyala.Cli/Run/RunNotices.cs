using Nyala.Cli.Output;

namespace Nyala.Cli.Run;

/// <summary>What <c>nyala run</c> says itself, apart from the command's output: one line each on standard error.</summary>
internal sealed class RunNotices(TextWriter error, bool quiet)
{
    /// <summary>Says something that <c>--quiet</c> silences.</summary>
    public void Print(string message)
    {
        if (!quiet)
        {
            PrintAlways(message);
        }
    }

    /// <summary>Says why the command did not run, which nothing silences.</summary>
    public void PrintAlways(string message)
    {
        lock (error)
        {
            error.WriteLine("nyala: " + TerminalText.OneLine(message));
            error.Flush();
        }
    }
}
