using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Output;

namespace Nyala.Cli.Deploy;

/// <summary>
/// The destination of a deployment. It is checked before anything is packed or sent, because a folder at the wrong destination replaces a whole site.
/// </summary>
internal sealed class Destination
{
    private readonly Option<bool> _yes = new("--yes") { Description = "Do not ask before deploying to the default site." };
    private readonly ConnectionOptions _connection;

    private Destination(ConnectionOptions connection) => _connection = connection;

    public static Destination AddTo(Command command, ConnectionOptions connection)
    {
        var destination = new Destination(connection);
        command.Add(destination._yes);
        return destination;
    }

    /// <summary>Checks that the site exists. If no site was named, asks the user at the terminal whether to deploy to the default site.</summary>
    /// <returns>The destination, as text for messages.</returns>
    /// <exception cref="CommandFailure">The site does not exist, or the user did not confirm.</exception>
    public async Task<string> ConfirmAsync(ParseResult parsed, CommandEnvironment environment, CancellationToken cancellationToken)
    {
        string server = _connection.Require(parsed, environment).Name;
        if (_connection.Site(parsed) is { } site)
        {
            await _connection.CallAsync(
                parsed,
                environment,
                async client => await _connection.IsNewSiteAsync(parsed, client, cancellationToken)
                    ? throw new CommandFailure(
                        $"site '{site}' does not exist at {server}. To see all sites, run \"nyala sites list\". To create it, run \"nyala sites create {site}\".")
                    : ExitCode.Done,
                cancellationToken);
            return $"{site} at {server}";
        }

        string to = $"the default site at {server}";
        if (!parsed.GetValue(_yes) && environment.ReadAnswer is { } read)
        {
            environment.Error.Write(TerminalText.OneLine($"nyala: no --site was given, so this goes to {to}. Deploy it? [y/N]") + " ");
            await environment.Error.FlushAsync(cancellationToken);
            string? answer = await Task.Run(read, cancellationToken).WaitAsync(cancellationToken);
            if (answer?.Trim().ToLowerInvariant() is not ("y" or "yes"))
            {
                throw new CommandFailure("nothing was deployed. Specify the site with --site, or add --yes.");
            }
        }

        return to;
    }
}
