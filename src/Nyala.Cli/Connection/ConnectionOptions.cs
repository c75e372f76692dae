using System.CommandLine;
using System.Net;
using Nyala.Client;

namespace Nyala.Cli.Connection;

/// <summary>The options <c>--server</c> and <c>--token</c>, and <c>--site</c> for verbs that have it.</summary>
internal sealed class ConnectionOptions
{
    private readonly bool _withSite;

    private readonly Option<string?> _server = new("--server")
    {
        Description = $"The server's URL. Default: {ServerChoice.ServerVariable}, or your server on this machine.",
        HelpName = "url",
    };

    private readonly Option<string?> _token = new("--token")
    {
        Description = $"The access token. {ServerChoice.TokenVariable} is safer: other users of this machine can see command lines.",
        HelpName = "token",
    };

    private readonly Option<string?> _site = new("--site")
    {
        Description = "The site. Without it, reads cover all sites and deployments go to the default site.",
        HelpName = "name",
    };

    private ConnectionOptions(bool withSite) => _withSite = withSite;

    public static ConnectionOptions AddTo(Command command, bool withSite = true)
    {
        var options = new ConnectionOptions(withSite);
        if (withSite)
        {
            command.Add(options._site);
        }

        command.Add(options._server);
        command.Add(options._token);
        return options;
    }

    /// <summary>Returns the site from <c>--site</c>; null if it was not given.</summary>
    public string? Site(ParseResult parsed)
    {
        string? site = parsed.GetValue(_site);
        return string.IsNullOrEmpty(site) ? null
            : NameRule.IsValid(site) ? site
            : throw CommandFailure.Usage($"a site name must be {NameRule.Rule}.");
    }

    /// <summary>Returns the value of <c>--server</c>; null if it was not given.</summary>
    public string? ServerOption(ParseResult parsed) => NullIfEmpty(parsed.GetValue(_server));

    public ServerChoice Choose(ParseResult parsed, CommandEnvironment environment) => Choose(ServerOption(parsed), parsed, environment);

    /// <summary>Returns the server that another option of the verb names.</summary>
    /// <exception cref="CommandFailure">The address is not valid.</exception>
    public ServerTarget RequireServerFrom(string option, string address, ParseResult parsed, CommandEnvironment environment) => ServerAddress.Parse(address) is null
        ? throw CommandFailure.Usage($"{option} must be {ServerAddress.Form}.")
        : Choose(address, parsed, environment).Server!;

    private ServerChoice Choose(string? named, ParseResult parsed, CommandEnvironment environment)
    {
        string? variable = environment.Variable(ServerChoice.ServerVariable);
        return named is null && variable is null && LocalServer.ReasonNotTrusted(environment.StateFolder) is { } refusal
            ? new ServerChoice(null, refusal)
            : ServerChoice.Of(
                named,
                NullIfEmpty(parsed.GetValue(_token)),
                variable,
                environment.Variable(ServerChoice.TokenVariable),
                () => LocalServer.Find(environment.StateFolder));
    }

    /// <summary>Returns the server, for verbs that need one.</summary>
    /// <exception cref="CommandFailure">No server was found, or its address is not valid.</exception>
    public ServerTarget Require(ParseResult parsed, CommandEnvironment environment)
    {
        ServerChoice choice = Choose(parsed, environment);
        return choice.Server ?? throw new CommandFailure(choice.Problem!, choice.WrongUsage ? ExitCode.WrongUsage : ExitCode.Failed);
    }

    /// <summary>Runs a verb's calls to the server. A failure becomes one line that names the server and what to do.</summary>
    public async Task<int> CallAsync(
        ParseResult parsed, CommandEnvironment environment, Func<NyalaClient, Task<int>> call, CancellationToken cancellationToken)
    {
        ServerTarget server = Require(parsed, environment);
        using NyalaClient root = server.Connect();
        try
        {
            return await CallAsync(parsed, environment, call, _withSite ? root.ForSite(Site(parsed)) : root, cancellationToken);
        }
        catch (Exception error) when (ServerFailure.Explain(error, server, cancellationToken) is { } problem)
        {
            throw new CommandFailure(problem);
        }
    }

    /// <summary>Checks that the site from <c>--site</c> exists, because a typo in a name must not look like an empty list.</summary>
    /// <exception cref="CommandFailure">The site does not exist.</exception>
    public async Task RequireSiteAsync(ParseResult parsed, CommandEnvironment environment, NyalaClient client, CancellationToken cancellationToken)
    {
        if (await IsNewSiteAsync(parsed, client, cancellationToken))
        {
            throw new CommandFailure($"site '{Site(parsed)}' does not exist at {Require(parsed, environment).Name}. To see all sites, run \"nyala sites list\".");
        }
    }

    /// <summary>Whether <c>--site</c> names a site that does not exist yet.</summary>
    public async Task<bool> IsNewSiteAsync(ParseResult parsed, NyalaClient client, CancellationToken cancellationToken)
    {
        if (!_withSite || Site(parsed) is not { } site)
        {
            return false;
        }

        try
        {
            await client.GetSiteAsync(site, cancellationToken);
            return false;
        }
        catch (NyalaException error) when (error.Status == HttpStatusCode.NotFound)
        {
            return true;
        }
    }

    /// <summary>Runs the calls. If an object is not found, checks whether its site exists, because the server responds the same in both cases.</summary>
    private async Task<int> CallAsync(
        ParseResult parsed, CommandEnvironment environment, Func<NyalaClient, Task<int>> call, NyalaClient client, CancellationToken cancellationToken)
    {
        try
        {
            return await call(client);
        }
        catch (Exception error) when (error is NyalaException { Status: HttpStatusCode.NotFound } or CommandFailure { IsNotFound: true })
        {
            await RequireSiteAsync(parsed, environment, client, cancellationToken);
            throw;
        }
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
