using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Nyala.Cli.Output;
using Nyala.Server.Http;

namespace Nyala.Cli;

/// <summary>Parses and runs a command line. Wrong usage prints one line with a hint and exits with code 2.</summary>
internal static class CommandLine
{
    public static async Task<int> InvokeAsync(RootCommand root, string[] args, CommandEnvironment environment)
    {
        // Response files are off: an argument that starts with @ is passed on unchanged, which matters most after "run --".
        var parser = new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false };
        ParseResult parsed = root.Parse(args.Length == 0 ? ["--help"] : args, parser);
        string? mistyped = parsed.Action is HelpAction ? null : MistypedOption(parsed) ?? MistypedValue(parsed, args);
        string? valueless = parsed.Action is HelpAction ? null : MissingValue(parsed, args);
        if (parsed.Action is ParseErrorAction || mistyped is not null || valueless is not null)
        {
            // An unknown word explains more than the argument that is missing because of it.
            string? unknown = mistyped ?? (parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0] : null);
            string problem = valueless ?? (unknown is null ? parsed.Errors[0].Message : NotUnderstood(unknown, parsed));
            environment.Error.WriteLine(TerminalText.OneLine($"nyala: {problem} Try \"{PathOf(parsed)} --help\"."));
            return ExitCode.WrongUsage;
        }

        // Each verb handles signals itself (see VerbAction): "run" passes them on, "serve" stops in two steps.
        var invocation = new InvocationConfiguration
        {
            ProcessTerminationTimeout = null,
            EnableDefaultExceptionHandler = false,
            Output = environment.Out,
            Error = environment.Error,
        };
        return await parsed.InvokeAsync(invocation);
    }

    /// <summary>
    /// Returns the name that a mistyped word at a command most likely means, or null if no name is similar. The word can be an option with its value, as in
    /// <c>--sit=shop</c>.
    /// </summary>
    public static string? Nearest(string word, Command command) => Spelling.Nearest(word.StartsWith('-') ? word.Split('=', ':')[0] : word, NamesAt(command));

    private static string NotUnderstood(string word, ParseResult parsed) => Nearest(word, parsed.CommandResult.Command) is { } near
        ? $"unknown command or option '{word}'. Did you mean '{near}'?"
        : $"unknown command or option '{word}'.";

    /// <summary>Returns the names at a command and then those at its parents, because the mistyped word may come before the command.</summary>
    private static IEnumerable<string> NamesAt(Command command) =>
    [
        .. command.Subcommands.Where(verb => !verb.Hidden).Select(verb => verb.Name),
        .. command.Options.Where(option => !option.Hidden).SelectMany(option => option.Aliases.Append(option.Name)),
        .. command.Parents.OfType<Command>().SelectMany(NamesAt),
    ];

    /// <summary>
    /// Returns an unknown option that the parser took for an argument, such as <c>--jsn</c> in <c>hooks show --jsn</c>; null if there is none. Everything after
    /// <c>--</c> is an argument, and so is the whole command that <c>run</c> wraps.
    /// </summary>
    private static string? MistypedOption(ParseResult parsed)
    {
        Token[] before = [.. parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash)];
        return parsed.CommandResult.Children.OfType<ArgumentResult>()
            .Where(argument => !argument.Argument.CaptureRemainingTokens)
            .SelectMany(argument => argument.Tokens)
            .Where(token => token.Value.Length > 1 && token.Value[0] == '-' && before.Contains(token))
            .Select(token => token.Value)
            .FirstOrDefault();
    }

    /// <summary>
    /// Returns a flag that was given a value it does not accept, such as <c>--strict=on</c>; null if there is none. The parser takes such a value for the first
    /// word of the command that <c>run</c> wraps.
    /// </summary>
    private static string? MistypedValue(ParseResult parsed, string[] args)
    {
        int captured = Captured(parsed);
        string? first = captured == 0 ? null : args[^captured];
        return first is null || parsed.Tokens[^captured].Value == first ? null : first;
    }

    /// <summary>Returns how many of the last words belong to the command that <c>run</c> wraps.</summary>
    private static int Captured(ParseResult parsed) =>
        parsed.CommandResult.Children.OfType<ArgumentResult>().FirstOrDefault(argument => argument.Argument.CaptureRemainingTokens)?.Tokens.Count ?? 0;

    /// <summary>
    /// Returns the error if an option was taken for the value of the option before it; null if there is no error. In
    /// <c>run --token $UNSET --site shop -- deploy</c>, for example, <c>shop</c> would be run.
    /// </summary>
    private static string? MissingValue(ParseResult parsed, string[] args)
    {
        string[] own = args[..^Captured(parsed)];
        string[] names = [.. parsed.CommandResult.Command.Options.SelectMany(option => option.Aliases.Append(option.Name))];
        return parsed.CommandResult.Children.OfType<OptionResult>()
            .Where(option => option.Tokens is [{ } value] && names.Contains(value.Value) && own.Zip(own.Skip(1)).Contains((option.IdentifierToken?.Value!, value.Value)))
            .Select(option => $"'{option.IdentifierToken!.Value}' has no value: it is followed by the option '{option.Tokens[0].Value}'.")
            .FirstOrDefault();
    }

    private static string PathOf(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (SymbolResult? at = parsed.CommandResult; at is not null; at = at.Parent)
        {
            names.Push(at is CommandResult { Command: not RootCommand } result ? result.Command.Name : "nyala");
        }

        return string.Join(' ', names);
    }
}
