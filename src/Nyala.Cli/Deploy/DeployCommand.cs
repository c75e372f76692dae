using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Output;
using Nyala.Cli.Run;
using Nyala.Client;
using Nyala.Server.Deploying.Zip;

namespace Nyala.Cli.Deploy;

/// <summary><c>nyala deploy</c>: exits with 0 if the deployment succeeded, otherwise with 1.</summary>
internal static class DeployCommand
{
    public const string IncludeIgnored = "--include-ignored";

    private const string Deployer = "nyala";
    private const int MaxNamed = 3;

    public static Command Create(CommandEnvironment environment)
    {
        var which = new Argument<string>("what")
        {
            Description = "A folder, a zip file, or a git repository that the server fetches: https://HOST/PATH[#BRANCH or #COMMIT].",
            DefaultValueFactory = _ => ".",
        };
        Option<string?> message = Words("--message", "A description of the deployment. Default: the subject of the folder's commit.");
        Option<string?> author = Words("--author", "The author's name. Default: the author of the folder's commit.");
        Option<string?> email = Words("--author-email", "The author's email address. Default: the commit's.");
        var exclude = new Option<string[]>("--exclude")
        {
            Description = "Exclude files and folders: a name, or a path with a slash; * matches any characters. Repeat for more. .git is always excluded.",
            HelpName = "pattern",
        };
        var ignored = new Option<bool>(IncludeIgnored) { Description = "Include files that git ignores." };
        var command = new Command("deploy", "Deploy a folder, a zip file or a git repository, and follow the log.")
        {
            which, message, author, email, exclude, ignored,
        };
        ConnectionOptions connection = ConnectionOptions.AddTo(command);
        Destination destination = Destination.AddTo(command, connection);
        DeploymentFollower following = DeploymentFollower.AddTo(command);
        command.SetVerbAction(environment, async (parsed, cancellationToken) =>
        {
            var what = DeploySource.Of(parsed.GetRequiredValue(which));
            string[] excluded = parsed.GetValue(exclude) ?? [];
            if (what.Folder is null && excluded.Length > 0)
            {
                throw CommandFailure.Usage("--exclude applies only to a folder.");
            }

            if (what.Folder is null && parsed.GetValue(ignored))
            {
                throw CommandFailure.Usage($"{IncludeIgnored} applies only to a folder.");
            }

            var said = new ZipDeployment { Message = Value(message), Author = Value(author), AuthorEmail = Value(email), Deployer = Deployer };
            if (what.Url is not null && said != new ZipDeployment { Deployer = Deployer })
            {
                throw CommandFailure.Usage("--message, --author and --author-email apply only to a folder or a zip file. For a repository they come from the commit.");
            }

            string to = await destination.ConfirmAsync(parsed, environment, cancellationToken);
            Func<NyalaClient, Task<Deployment>> begin = client => client.DeployFromAsync(what.Url!, cancellationToken);
            await using Stream? zip = what.Zip is not null ? await OpenAsync(what.Zip, to, environment)
                : what.Folder is not null ? await PackAsync(what.Folder, new Exclusion(excluded), parsed.GetValue(ignored), to, environment, cancellationToken)
                : null;
            if (zip is null)
            {
                environment.Error.WriteLine(TerminalText.OneLine($"nyala: the server fetches the repository for {to}."));
            }
            else
            {
                ZipDeployment facts = what.Folder is null ? said : Complete(said, (await Git.ReadAsync(environment, what.Folder)).Facts);
                begin = client => ProgressLine.RunAsync(
                    environment, "Sending", zip.Length, bytes: true, sent => client.DeployZipAsync(zip, facts, sent, cancellationToken));
            }

            return await connection.CallAsync(
                parsed,
                environment,
                async client => await following.RunAsync(parsed, environment, client, await begin(client), cancellationToken),
                cancellationToken);

            string? Value(Option<string?> option) => string.IsNullOrWhiteSpace(parsed.GetValue(option)) ? null : parsed.GetValue(option);
        });
        return command;
    }

    /// <summary>Adds the facts from git that the user did not specify. The commit's email address is used only if the author was not specified.</summary>
    internal static ZipDeployment Complete(ZipDeployment said, GitFacts? git) => said with
    {
        Message = said.Message ?? git?.Subject,
        Author = said.Author ?? git?.Author,
        AuthorEmail = said.AuthorEmail ?? (said.Author is null ? git?.Email : null),
    };

    private static async Task<Stream> OpenAsync(string path, string to, CommandEnvironment environment)
    {
        FileStream zip = InputFile.Open(path);
        string? wrong = ZipEnd.Find(zip, out string reason) is null ? reason : null;
        zip.Position = 0;
        if (wrong is null)
        {
            environment.Error.WriteLine(TerminalText.OneLine($"nyala: sending {path}, {Display.Size(zip.Length)}, to {to}."));
            return zip;
        }

        await zip.DisposeAsync();
        throw new CommandFailure($"{path}: {wrong}");
    }

    private static async Task<Stream> PackAsync(string folder, Exclusion exclusion, bool withIgnored, string to, CommandEnvironment environment, CancellationToken cancellationToken)
    {
        IgnoredFiles ignored = withIgnored ? IgnoredFiles.None : await IgnoredFiles.FindAsync(environment, folder);
        (IReadOnlyList<FolderFile> files, IReadOnlyList<string> passedOver) = FolderWalk.Find(folder, exclusion, ignored);
        if (passedOver.Count > 0)
        {
            string more = passedOver.Count > MaxNamed ? $" and {passedOver.Count - MaxNamed} more" : "";
            environment.Error.WriteLine(TerminalText.OneLine($"nyala: not sent because git ignores it: {string.Join(", ", passedOver.Take(MaxNamed))}{more}. Use {IncludeIgnored} to send it."));
        }

        Stream zip = await ProgressLine.RunAsync(environment, "Packing", files.Count, bytes: false, done => FolderZip.CreateAsync(files, done, cancellationToken));
        int count = files.Count(file => file.Source is not null);
        environment.Error.WriteLine(TerminalText.OneLine($"nyala: sending {count} {(count == 1 ? "file" : "files")} of {Path.GetFullPath(folder)}, {Display.Size(zip.Length)} packed, to {to}."));
        return zip;
    }

    private static Option<string?> Words(string name, string description) => new(name) { Description = description, HelpName = "text" };
}
