using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Nyala.Cli.Output;
using Nyala.Server.Http;

namespace Nyala.Cli;

/// <summary>Parses and runs a command line; wrong usage is one line, a hint, and exit code 2.</summary>
internal static class CommandLine
{
    public static async Task<int> InvokeAsync(RootCommand root, string[] args, CommandEnvironment environment)
    {
        // No response files: an argument that begins with @ belongs to the user, above all behind "run --".
        var parser = new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false };
        ParseResult parsed = root.Parse(args.Length == 0 ? ["--help"] : args, parser);
        string? mistyped = parsed.Action is HelpAction ? null : MistypedOption(parsed) ?? MistypedValue(parsed, args);
        string? valueless = parsed.Action is HelpAction ? null : Valueless(parsed, args);
        if (parsed.Action is ParseErrorAction || mistyped is not null || valueless is not null)
        {
            // A word that is not understood says more than what it leaves missing.
            string? unknown = mistyped ?? (parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0] : null);
            string problem = valueless ?? (unknown is null ? parsed.Errors[0].Message : NotUnderstood(unknown, parsed));
            environment.Error.WriteLine(TerminalText.OneLine($"nyala: {problem} Try \"{PathOf(parsed)} --help\"."));
            return ExitCode.WrongUsage;
        }

        // Each verb handles signals itself (see Verb): "run" has to pass them on, "serve" stops in two steps.
        var invocation = new InvocationConfiguration
        {
            ProcessTerminationTimeout = null,
            EnableDefaultExceptionHandler = false,
            Output = environment.Out,
            Error = environment.Error,
        };
        return await parsed.InvokeAsync(invocation);
    }

    /// <summary>The name at a command that a mistyped word most likely means; null if none is near. An option may have its value with it, as in --sit=shop.</summary>
    public static string? Nearest(string word, Command command) => Spelling.Nearest(word.StartsWith('-') ? word.Split('=', ':')[0] : word, NamesAt(command));

    private static string NotUnderstood(string word, ParseResult parsed) => Nearest(word, parsed.CommandResult.Command) is { } near
        ? $"unknown command or option '{word}'. Did you mean '{near}'?"
        : $"unknown command or option '{word}'.";

    /// <summary>The names that a command knows, its own first: a word before it may be what was mistyped.</summary>
    private static IEnumerable<string> NamesAt(Command command) =>
    [
        .. command.Subcommands.Where(verb => !verb.Hidden).Select(verb => verb.Name),
        .. command.Options.Where(option => !option.Hidden).SelectMany(option => option.Aliases.Append(option.Name)),
        .. command.Parents.OfType<Command>().SelectMany(NamesAt),
    ];

    /// <summary>
    /// An option that no verb has and that would be taken for an argument, such as the id in "hooks show --jsn"; null if there is none. What stands behind <c>--</c> is an argument
    /// whatever it looks like, and so is all of the command that <c>run</c> wraps.
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
    /// A flag with a value that it does not take, such as "run --strict=on": the parser takes the value for the first word of the command that is to be run; null if there is none.
    /// </summary>
    private static string? MistypedValue(ParseResult parsed, string[] args)
    {
        int captured = Captured(parsed);
        string? first = captured == 0 ? null : args[^captured];
        return first is null || parsed.Tokens[^captured].Value == first ? null : first;
    }

    /// <summary>How many words at the end are of the command that is to be run.</summary>
    private static int Captured(ParseResult parsed) =>
        parsed.CommandResult.Children.OfType<ArgumentResult>().FirstOrDefault(argument => argument.Argument.CaptureRemainingTokens)?.Tokens.Count ?? 0;

    /// <summary>
    /// What is wrong if the next option was taken for the value of the one before it, such as in "run --token $UNSET --site shop -- deploy", where "shop" would be run; null if nothing is.
    /// </summary>
    private static string? Valueless(ParseResult parsed, string[] args)
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
