using Nyala.Cli;

namespace Nyala.Tests.Cli.Support;

/// <summary>Runs command lines in the test's process, with the environment, state folder and console that the test provides.</summary>
internal sealed class CliHarness : IDisposable
{
    private readonly TempFolder _state = new();
    private readonly Dictionary<string, string> _variables = [];

    public string StateFolder => _state.In("nyala");

    public byte[]? Input { get; set; }

    /// <summary>Whether the output goes to a terminal.</summary>
    public bool Terminal { get; set; }

    /// <summary>The answer of the person at the terminal; null if there is nobody.</summary>
    public string? Answer { get; set; }

    public string this[string variable]
    {
        set => _variables[variable] = value;
    }

    public CommandEnvironment CommandEnvironment(TextWriter output, TextWriter error, TimeProvider? clock = null) => new()
    {
        Variable = _variables.GetValueOrDefault,
        StateHome = _state.Path,
        Out = output,
        Error = error,
        OutIsTerminal = Terminal,
        ErrorIsTerminal = Terminal,
        ReadAnswer = Answer is null ? null : () => Answer,
        OpenInput = () => Input is null ? null : new MemoryStream(Input),
        Clock = clock ?? TimeProvider.System,
    };

    public async Task<(int ExitCode, string Out, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        CommandEnvironment environment = CommandEnvironment(output, error);
        int exitCode = await CommandLine.InvokeAsync(Program.Root(environment), args, environment);
        return (exitCode, output.ToString(), error.ToString());
    }

    public void Dispose() => _state.Dispose();
}
