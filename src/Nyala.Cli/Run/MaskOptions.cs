using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Server.Secrets;

namespace Nyala.Cli.Run;

/// <summary>The options <c>--mask</c> and <c>--mask-env</c>, and the mask that hides secrets in the reports of a run.</summary>
internal sealed class MaskOptions
{
    private readonly Option<string[]> _values = new("--mask")
    {
        Description = "Replace this value with *** in the report and the log. Repeat for more. --mask-env is safer: other users of this machine can see command lines.",
        HelpName = "value",
    };

    private readonly Option<string[]> _variables = new("--mask-env")
    {
        Description = "Replace the value of this environment variable with *** in the report and the log. Repeat for more.",
        HelpName = "name",
    };

    private MaskOptions()
    {
    }

    public static MaskOptions AddTo(Command command)
    {
        var options = new MaskOptions();
        command.Add(options._values);
        command.Add(options._variables);
        return options;
    }

    /// <summary>Returns the mask for the values from the options, and for the token in the environment, which the command inherits.</summary>
    /// <exception cref="CommandFailure">A value is missing or too short.</exception>
    public TextMask Read(ParseResult parsed, CommandEnvironment environment)
    {
        IEnumerable<string> values = (parsed.GetValue(_values) ?? []).Select(value => Check(value, "the value of --mask"));
        IEnumerable<string> variables = (parsed.GetValue(_variables) ?? []).Select(name => environment.Variable(name) is { } value
            ? Check(value, $"the value of {name} (--mask-env)")
            : throw CommandFailure.Usage($"the environment variable '{name}' (--mask-env) is not set or is empty. Correct its name, or leave the option out."));
        return TextMask.TokensOnly.With([.. values, .. variables, environment.Variable(ServerChoice.TokenVariable)]);
    }

    // The message must not contain the value.
    private static string Check(string value, string what) => TextMask.CanMask(value)
        ? value
        : throw CommandFailure.Usage(
            $"{what} is too short to be masked: it must have a line of at least {TextMask.MinLength} characters. A shorter text also occurs by chance, and masking it would make the log unreadable.");
}
