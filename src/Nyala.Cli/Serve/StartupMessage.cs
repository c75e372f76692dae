using Nyala.Cli.Connection;
using Nyala.Server;
using Nyala.Server.Hosting;

namespace Nyala.Cli.Serve;

/// <summary>The message that a started server prints: its addresses, its admin token, and a command to copy.</summary>
internal static class StartupMessage
{
    public static string Of(NyalaServer server)
    {
        string address = ServerAddress.Canonical(server.Address);
        IEnumerable<string> more =
        [
            .. server.Addresses.Skip(1).Select(ServerAddress.Canonical),
            .. server.Bound.Where(ConnectAddress.IsEvery).Select(every => $"{every.Scheme}, port {every.Port}, on every address of this machine"),
        ];
        string others = string.Concat(more.Select(other => $"\n                 {other}"));
        string token = server.AdminToken.Shown is { } shown
            ? $"""
              Admin token   {shown}
                            shown only once; stored in {server.AdminToken.File}
              """
            : $"Admin token   in {server.AdminToken.File}";
        return $$"""
            Nyala listens on {{address}}{{others}}
            Data folder   {{server.DataFolder}}
            {{token}}
            API           {{address}}/docs

            Add a hook:
              curl -u ":$(cat {{Quote(server.AdminToken.File)}})" -H 'Content-Type: application/json' \
                -d '{"url":"https://example.com/callback","event":"PostDeployment"}' {{address}}/api/hooks

            """.ReplaceLineEndings("\n") + "\n";
    }

    private static string Quote(string path) => path.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-') ? path : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
