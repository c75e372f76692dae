using System.CommandLine;
using System.CommandLine.Invocation;
using Nyala.Cli.Output;

namespace Nyala.Cli;

/// <summary>Parses and runs a command line; wrong usage is one line, a hint, and exit code 2.</summary>
internal static class CommandLine
{
    public static async Task<int> InvokeAsync(RootCommand root, string[] args, Surroundings surroundings)
    {
        // No response files: an argument that begins with @ belongs to the user, above all behind "run --".
        var parser = new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false };
        ParseResult parsed = root.Parse(args.Length == 0 ? ["--help"] : args, parser);
        if (parsed.Action is ParseErrorAction)
        {
            // A word that is not understood says more than what it leaves missing.
            string command = PathOf(parsed);
            string problem = parsed.UnmatchedTokens is [string unknown, ..] ? $"'{unknown}' is not understood here." : parsed.Errors[0].Message;
            surroundings.Error.WriteLine(Text.OneLine($"nyala: {problem} Try \"{command} --help\"."));
            return ExitCode.WrongUsage;
        }

        // Each verb handles signals itself (see Verb): "run" has to pass them on, "serve" has its host's.
        var invocation = new InvocationConfiguration
        {
            ProcessTerminationTimeout = null,
            EnableDefaultExceptionHandler = false,
            Output = surroundings.Out,
            Error = surroundings.Error,
        };
        return await parsed.InvokeAsync(invocation);
    }

    private static string PathOf(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (System.CommandLine.Parsing.SymbolResult? at = parsed.CommandResult; at is not null; at = at.Parent)
        {
            names.Push(at is System.CommandLine.Parsing.CommandResult { Command: not RootCommand } result ? result.Command.Name : "nyala");
        }

        return string.Join(' ', names);
    }
}
