using System.CommandLine;
using Nyala.Cli.Connection;

namespace Nyala.Cli.Sites;

/// <summary><c>nyala sites remove</c>. It requires <c>--yes</c>, because the site's repository may exist nowhere else.</summary>
internal static class SitesRemove
{
    public static Command Create(CommandEnvironment environment)
    {
        var command = new Command("remove", "Remove a site with its repository, releases and settings. Its deployments stay in the history.");
        SiteArgument name = SiteArgument.AddTo(command, "The site's name, or at least four characters of its beginning or end.");
        var yes = new Option<bool>("--yes") { Description = "Confirm the removal. It cannot be undone." };
        command.Add(yes);
        ConnectionOptions connection = ConnectionOptions.AddTo(command, withSite: false);
        command.SetVerbAction(environment, (parsed, cancellationToken) =>
        {
            string given = name.Read(parsed);
            if (!parsed.GetValue(yes))
            {
                throw CommandFailure.Usage($"this permanently removes the repository, releases and settings of '{given}'. Add --yes to confirm.");
            }

            return connection.CallAsync(
                parsed,
                environment,
                async client =>
                {
                    string site = await name.FindAsync(parsed, client, cancellationToken);
                    await client.RemoveSiteAsync(site, cancellationToken);
                    environment.Error.WriteLine($"nyala: removed {site}.");
                    return ExitCode.Done;
                },
                cancellationToken);
        });
        return command;
    }
}
