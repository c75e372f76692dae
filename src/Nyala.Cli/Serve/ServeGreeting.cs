using Nyala.Server;

namespace Nyala.Cli.Serve;

/// <summary>What a started server says: where it is, where its token is, and a line to copy.</summary>
internal static class ServeGreeting
{
    public static string Of(NyalaServer server)
    {
        string address = server.Address.AbsoluteUri.TrimEnd('/');
        string others = string.Concat(server.Addresses.Skip(1).Select(other => $"\n                 {other.TrimEnd('/')}"));
        string token = server.AdminToken.Shown is { } shown
            ? $"""
              Admin token   {shown}
                            printed this once; kept in {server.AdminToken.File}
              """
            : $"Admin token   in {server.AdminToken.File}";
        return $$"""
            Nyala listens on {{address}}{{others}}
            Data folder   {{server.DataFolder}}
            {{token}}
            API           {{address}}/docs

            Subscribe a hook:
              curl -u ":$(cat {{Quote(server.AdminToken.File)}})" -H 'Content-Type: application/json' \
                -d '{"url":"https://example.com/callback","event":"PostDeployment"}' {{address}}/api/hooks

            """.ReplaceLineEndings("\n") + "\n";
    }

    private static string Quote(string path) => path.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-') ? path : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
