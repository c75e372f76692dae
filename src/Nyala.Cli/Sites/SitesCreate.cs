using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Output;
using Nyala.Client;

namespace Nyala.Cli.Sites;

/// <summary><c>nyala sites create</c>: creates a site, and prints how to push to it.</summary>
internal static class SitesCreate
{
    public static Command Create(CommandEnvironment environment)
    {
        var command = new Command("create", "Create a site.");
        SiteArgument name = SiteArgument.AddTo(command, "The site's name.");
        SiteOptions options = SiteOptions.AddTo(command, withDefaults: true);
        ConnectionOptions connection = ConnectionOptions.AddTo(command, withSite: false);
        JsonOption json = JsonOption.AddTo(command);
        command.SetVerbAction(environment, (parsed, cancellationToken) => connection.CallAsync(
            parsed,
            environment,
            async client =>
            {
                SiteChange chosen = options.Read(parsed);
                var request = new SiteRequest
                {
                    Name = name.Read(parsed),
                    Branch = chosen.Branch,
                    Command = chosen.Command,
                    Keep = chosen.Keep,
                    Host = chosen.Host,
                };
                Site site = await client.CreateSiteAsync(request, cancellationToken);
                int exitCode = SiteView.Detail.Done(parsed, environment, json, site);
                environment.Error.WriteLine("nyala: created. To deploy to it from a git repository (any user name, and a token with the deploy scope as the password):");
                environment.Error.WriteLine($"  git remote add {site.Name} {site.GitUrl}");
                environment.Error.WriteLine($"  git push {site.Name} HEAD:{site.Branch}");
                return exitCode;
            },
            cancellationToken));
        return command;
    }
}
