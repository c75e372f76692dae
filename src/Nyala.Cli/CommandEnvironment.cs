using Nyala.Cli.Output;

namespace Nyala.Cli;

/// <summary>The environment of a verb: variables, streams, clock and folders. Tests provide their own.</summary>
internal sealed record CommandEnvironment
{
    /// <summary>Returns the value of an environment variable; null if it is not set or empty.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>The folder for the state of the user's programs: <c>$XDG_STATE_HOME</c>, otherwise <c>~/.local/state</c>.</summary>
    public required string StateHome { get; init; }

    /// <summary>The writer for a verb's result. It removes escape sequences and control characters.</summary>
    public required TextWriter Out { get; init => field = SafeWriter.Wrap(value); }

    /// <summary>The writer for all other messages. It removes escape sequences and control characters.</summary>
    public required TextWriter Error { get; init => field = SafeWriter.Wrap(value); }

    /// <summary>Whether <see cref="Out"/> is a terminal.</summary>
    public bool OutIsTerminal { get; init; }

    /// <summary>Whether <see cref="Error"/> is a terminal.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>Reads the user's answer to a question; null if there is no terminal.</summary>
    public Func<string?>? ReadAnswer { get; init; }

    /// <summary>Opens standard input; returns null if it is a terminal.</summary>
    public Func<Stream?> OpenInput { get; init; } = () => null;

    /// <summary>Opens standard output and standard error as byte streams.</summary>
    public Func<(Stream Out, Stream Error)> OpenRaw { get; init; } = () => (Stream.Null, Stream.Null);

    /// <summary>The clock for all times and time-outs.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The folder for everything that the command line keeps between runs.</summary>
    public string StateFolder => Path.Combine(StateHome, "nyala");

    public static CommandEnvironment OfThisProcess() => new()
    {
        Variable = Read,

        // DoNotVerify returns the home folder even if it does not exist. An empty path would put the state into the working folder.
        StateHome = StateHomeOf(Read, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify)),
        Out = Console.Out,
        Error = Console.Error,
        OutIsTerminal = !Console.IsOutputRedirected,
        ErrorIsTerminal = !Console.IsErrorRedirected,
        ReadAnswer = Console.IsInputRedirected || Console.IsErrorRedirected ? null : Console.ReadLine,
        OpenInput = () => Console.IsInputRedirected ? Console.OpenStandardInput() : null,
        OpenRaw = () => (Console.OpenStandardOutput(), Console.OpenStandardError()),
    };

    /// <summary>Returns the state folder by the XDG rule: a relative or empty <c>XDG_STATE_HOME</c> counts as not set.</summary>
    internal static string StateHomeOf(Func<string, string?> variable, string home) =>
        variable("XDG_STATE_HOME") is { } set && Path.IsPathFullyQualified(set) ? set : Path.Combine(home, ".local", "state");

    private static string? Read(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
