using Nyala.Cli.Output;

namespace Nyala.Cli.Run;

/// <summary>What <c>nyala run</c> says itself, apart from the command's output: one line each on standard error.</summary>
internal sealed class Notices(TextWriter error, bool quiet)
{
    /// <summary>Says something that <c>--quiet</c> silences.</summary>
    public void Say(string message)
    {
        if (!quiet)
        {
            SayAlways(message);
        }
    }

    /// <summary>Says why the command did not run, which nothing silences.</summary>
    public void SayAlways(string message)
    {
        lock (error)
        {
            error.WriteLine("nyala: " + Text.OneLine(message));
            error.Flush();
        }
    }
}
