namespace Nyala.Cli.Connection;

/// <summary>The choice of a server: the option's, otherwise the environment variable's, otherwise the current user's server on this machine.</summary>
/// <param name="Server">The server; null if none was found or its address is not valid.</param>
/// <param name="Problem">Why there is no server, and what to do; null if there is one.</param>
/// <param name="WrongUsage">Whether the command line itself is wrong.</param>
internal sealed record ServerChoice(ServerTarget? Server, string? Problem = null, bool WrongUsage = false)
{
    public const string ServerVariable = "NYALA_SERVER";
    public const string TokenVariable = "NYALA_TOKEN";

    /// <summary>
    /// Chooses the server. The local server's token is its admin token, so it is never sent to another address: a server that was named gets it only if it has
    /// the address of the local server.
    /// </summary>
    public static ServerChoice Of(string? serverOption, string? tokenOption, string? serverVariable, string? tokenVariable, Func<LocalServer?> findLocal)
    {
        string? named = serverOption ?? serverVariable;
        string? token = tokenOption ?? tokenVariable;
        if (named is null)
        {
            return findLocal() is { } local
                ? new ServerChoice(new ServerTarget(local.Address, token ?? local.Token, local.DataFolder))
                : new ServerChoice(
                    null, $"no server found. Start one with \"nyala serve\", or specify one with --server or {ServerVariable}.");
        }

        if (ServerAddress.Parse(named) is not { } address)
        {
            string origin = serverOption is not null ? "--server" : ServerVariable;
            return new ServerChoice(null, $"{origin} must be {ServerAddress.Form}.", serverOption is not null);
        }

        return token is null && findLocal() is { } same && ServerAddress.Same(same.Address, address)
            ? new ServerChoice(new ServerTarget(address, same.Token, same.DataFolder))
            : new ServerChoice(new ServerTarget(address, token));
    }
}
