namespace Nyala.Cli;

/// <summary>A verb cannot go on; the message is the one line that a person reads.</summary>
internal sealed class CommandFailure(string message, int code = ExitCode.Failed) : Exception(message)
{
    public int Code { get; } = code;

    /// <summary>Whether what was looked for is not there, which may be the site's fault.</summary>
    public bool IsAbsence { get; private init; }

    public static CommandFailure Absent(string message) => new(message) { IsAbsence = true };

    public static CommandFailure Usage(string message) => new(message, ExitCode.WrongUsage);
}
