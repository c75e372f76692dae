namespace Nyala.Cli;

/// <summary>Thrown if a verb fails. The message is printed as one line.</summary>
internal sealed class CommandFailure(string message, int code = ExitCode.Failed) : Exception(message)
{
    public int Code { get; } = code;

    /// <summary>Whether an object was not found. The reason may be that its site does not exist.</summary>
    public bool IsNotFound { get; private init; }

    public static CommandFailure NotFound(string message) => new(message) { IsNotFound = true };

    public static CommandFailure Usage(string message) => new(message, ExitCode.WrongUsage);
}
