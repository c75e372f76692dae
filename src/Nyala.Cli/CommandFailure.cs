namespace Nyala.Cli;

/// <summary>A verb cannot go on; the message is the one line that a person reads.</summary>
internal sealed class CommandFailure(string message, int code = ExitCode.Failed) : Exception(message)
{
    public int Code { get; } = code;

    public static CommandFailure Usage(string message) => new(message, ExitCode.WrongUsage);
}
