using Nyala.Cli.Output;

namespace Nyala.Cli;

/// <summary>What a verb takes from the process it runs in, so that a test can bring its own.</summary>
internal sealed record CommandEnvironment
{
    /// <summary>The value of an environment variable; null if it is not set or empty.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>The user's state folder, before <c>nyala</c> is appended: <c>$XDG_STATE_HOME</c>, else <c>~/.local/state</c>.</summary>
    public required string StateHome { get; init; }

    /// <summary>Where a verb's result goes, cleaned of what would steer a terminal.</summary>
    public required TextWriter Out { get; init => field = SafeWriter.Over(value); }

    /// <summary>Where everything else that is said goes, cleaned likewise.</summary>
    public required TextWriter Error { get; init => field = SafeWriter.Over(value); }

    /// <summary>True if a person reads <see cref="Out"/> on a terminal.</summary>
    public bool OutIsTerminal { get; init; }

    /// <summary>True if a person reads <see cref="Error"/> on a terminal.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>Reads what a person types as an answer; null if nobody sits at a terminal.</summary>
    public Func<string?>? ReadAnswer { get; init; }

    /// <summary>Opens standard input; null if a terminal is behind it.</summary>
    public Func<Stream?> OpenInput { get; init; } = () => null;

    /// <summary>Opens standard output and standard error for bytes.</summary>
    public Func<(Stream Out, Stream Error)> OpenRaw { get; init; } = () => (Stream.Null, Stream.Null);

    /// <summary>The clock of every time and time-out.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The folder of everything that the command line keeps between its runs.</summary>
    public string StateFolder => Path.Combine(StateHome, "nyala");

    public static CommandEnvironment OfThisProcess() => new()
    {
        Variable = Read,

        // Also a home that is not there: else what is kept would go to the working folder.
        StateHome = StateHomeOf(Read, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify)),
        Out = Console.Out,
        Error = Console.Error,
        OutIsTerminal = !Console.IsOutputRedirected,
        ErrorIsTerminal = !Console.IsErrorRedirected,
        ReadAnswer = Console.IsInputRedirected || Console.IsErrorRedirected ? null : Console.ReadLine,
        OpenInput = () => Console.IsInputRedirected ? Console.OpenStandardInput() : null,
        OpenRaw = () => (Console.OpenStandardOutput(), Console.OpenStandardError()),
    };

    /// <summary>The XDG rule: a relative or empty <c>XDG_STATE_HOME</c> counts as not set.</summary>
    internal static string StateHomeOf(Func<string, string?> variable, string home) =>
        variable("XDG_STATE_HOME") is { } set && Path.IsPathFullyQualified(set) ? set : Path.Combine(home, ".local", "state");

    private static string? Read(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
