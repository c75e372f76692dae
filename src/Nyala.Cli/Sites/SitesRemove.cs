using System.CommandLine;
using Nyala.Cli.Connection;

namespace Nyala.Cli.Sites;

/// <summary><c>nyala sites remove</c>: only with <c>--yes</c>, since a repository that is nowhere else would be lost.</summary>
internal static class SitesRemove
{
    public static Command Create(Surroundings surroundings)
    {
        var command = new Command("remove", "Removes a site with its repository, releases and settings. Its deployments stay in the record.");
        SiteArgument name = SiteArgument.AddTo(command, "The site's name, or at least four characters of its beginning or end.");
        var yes = new Option<bool>("--yes") { Description = "Yes, remove all that: it cannot be taken back." };
        command.Add(yes);
        ConnectionOptions connection = ConnectionOptions.AddTo(command, withSite: false);
        command.SetVerb(surroundings, (parsed, cancellationToken) =>
        {
            string given = name.Read(parsed);
            if (!parsed.GetValue(yes))
            {
                throw CommandFailure.Usage($"this removes the repository, releases and settings of '{given}' for good: say --yes if you mean it.");
            }

            return connection.CallAsync(
                parsed,
                surroundings,
                async client =>
                {
                    string site = await name.FindAsync(parsed, client, cancellationToken);
                    await client.RemoveSiteAsync(site, cancellationToken);
                    surroundings.Error.WriteLine($"nyala: removed {site}.");
                    return ExitCode.Done;
                },
                cancellationToken);
        });
        return command;
    }
}
