using System.CommandLine;
using System.CommandLine.Parsing;
using Nyala.Cli.Connection;

namespace Nyala.Cli.Run;

/// <summary>
/// <c>nyala run</c>: runs a command that deploys, and reports the deployment to the server. The state of the server never affects the command. It affects the
/// exit code only with <c>--strict</c>.
/// </summary>
internal static class RunCommand
{
    public static Command Create(CommandEnvironment environment)
    {
        var words = new Argument<string[]>("command")
        {
            Description = "The command to run and its arguments. Put -- before it.",
            Arity = ArgumentArity.OneOrMore,
            CaptureRemainingTokens = true,
        };
        Option<string?> id = Text("--id", "The deployment's ID. Default: the checked-out commit, or a new ID if there is none.");
        Option<string?> message = Text("--message", "A description of the deployment. Default: the commit's subject.");
        Option<string?> deployer = Text("--deployer", "The person or system that deploys. Default: the user who started the CI job, or the current user.");
        Option<string?> author = Text("--author", "The author's name. Default: the commit's author.");
        Option<string?> email = Text("--author-email", "The author's email address. Default: the commit's.");
        Option<string?> branch = Text("--branch", "The branch. Default: the checked-out branch, or the CI job's branch.");
        var strict = new Option<bool>("--strict")
        {
            Description = $"Exit with {ExitCode.NotReported} if the command succeeds but its report is refused or cannot be delivered. Without it, the exit code is always the command's.",
        };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Print only the command's output." };
        var command = new Command("run", "Run a deploy command and report its start, log and result.")
        {
            id, message, deployer, author, email, branch, strict, quiet, words,
        };
        MaskOptions masks = MaskOptions.AddTo(command);
        ConnectionOptions connection = ConnectionOptions.AddTo(command);
        command.SetVerbAction(environment, (parsed, _) =>
        {
            RefuseUnknownOption(parsed, words);
            var notices = new RunNotices(environment.Error, parsed.GetValue(quiet));
            var request = new RunRequest
            {
                Command = parsed.GetRequiredValue(words),
                Site = connection.Site(parsed),
                Id = Value(id) is not { } given || NameRule.IsValid(given) ? Value(id) : throw CommandFailure.Usage($"a deployment ID must be {NameRule.Rule}."),
                Message = Value(message),
                Deployer = Value(deployer),
                Author = Value(author),
                AuthorEmail = Value(email),
                Branch = Value(branch),
                Strict = parsed.GetValue(strict),
                Mask = masks.Read(parsed, environment),
            };
            ServerChoice choice = connection.Choose(parsed, environment);
            if (choice.WrongUsage)
            {
                throw CommandFailure.Usage(choice.Problem!);
            }

            if (choice.Server is null)
            {
                notices.Print($"this deployment will not be reported: {choice.Problem}");
            }

            return new CommandWrapper(environment, request, notices).RunAsync(choice.Server);

            // A CI variable that is not set arrives as an empty string. It counts as not given.
            string? Value(Option<string?> option) => string.IsNullOrWhiteSpace(parsed.GetValue(option)) ? null : parsed.GetValue(option);
        });
        return command;
    }

    // A word that starts with a dash before "--" was meant as an option of this verb. Running it would report a failed deployment.
    private static void RefuseUnknownOption(ParseResult parsed, Argument<string[]> words)
    {
        string first = parsed.GetRequiredValue(words)[0];
        bool separated = parsed.Tokens.TakeWhile(token => token.Value != first).Any(token => token.Type == TokenType.DoubleDash);
        if (first.StartsWith('-') && !separated)
        {
            string meant = CommandLine.Nearest(first, parsed.CommandResult.Command) is { } near ? $" Did you mean '{near}'?" : "";
            throw CommandFailure.Usage($"unknown option '{first}' for \"nyala run\".{meant} Put -- before a command that starts with a dash.");
        }
    }

    private static Option<string?> Text(string name, string description) => new(name) { Description = description, HelpName = "text" };
}
