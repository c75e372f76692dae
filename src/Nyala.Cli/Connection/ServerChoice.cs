namespace Nyala.Cli.Connection;

/// <summary>Which server is meant: the one named by an option, else by the environment, else this user's own on this machine.</summary>
/// <param name="Server">The server; null if none is meant, or the one named cannot be.</param>
/// <param name="Problem">Why there is none, and what to do.</param>
/// <param name="WrongUsage">True if the command line itself is wrong.</param>
internal sealed record ServerChoice(ServerTarget? Server, string? Problem = null, bool WrongUsage = false)
{
    public const string ServerVariable = "NYALA_SERVER";
    public const string TokenVariable = "NYALA_TOKEN";

    /// <summary>
    /// Decides. The local server's own token opens everything there, so it goes to no other address: a server that is
    /// named gets it only if it is that very one.
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
