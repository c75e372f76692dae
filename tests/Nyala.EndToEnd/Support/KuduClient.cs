using System.Text.Json;

namespace Nyala.EndToEnd.Support;

/// <summary>An unchanged Kudu client of a third party, from npm.</summary>
/// <param name="server">The server to call.</param>
/// <param name="package">The npm package of the client.</param>
internal sealed class KuduClient(ServerProcess server, string package)
{
    /// <summary>Calls a function of the client, asserts that it succeeds, and returns its result.</summary>
    /// <param name="part">The part of the client that has the function.</param>
    /// <param name="name">The name of the function.</param>
    /// <param name="args">The arguments; <c>{ file = path }</c> becomes a stream of that file.</param>
    public async Task<JsonElement> CallAsync(string part, string name, params object?[] args)
    {
        (int exitCode, string output, string error) = await TryAsync(part, name, args);
        Assert.True(exitCode == 0, $"{package} failed at {name}: {error}\n{output}");
        return Result(output);
    }

    /// <summary>Calls a function of the client and returns how it ended.</summary>
    public Task<(int ExitCode, string Out, string Error)> TryAsync(string part, string name, params object?[] args) =>
        RunAsync("call.mjs", new { url = Url(server), token = server.Token, client = package, part, name, args });

    /// <summary>Deploys a zip as Visual Studio Code does, and returns what the client read at the end.</summary>
    public static async Task<JsonElement> DeployAsVisualStudioCodeAsync(ServerProcess server, string file)
    {
        (int exitCode, string output, string error) = await RunAsync("vscode-deploy.mjs", new { url = Url(server), token = server.Token, file });
        Assert.True(exitCode == 0, error);
        return Result(output);
    }

    private static string Url(ServerProcess server) => server.Address.GetLeftPart(UriPartial.Authority);

    private static Task<(int ExitCode, string Out, string Error)> RunAsync(string script, object input) =>
        Tool.RunNodeAsync(script, JsonSerializer.Serialize(input));

    /// <summary>Returns the last line that a script printed. The client may print other lines before it.</summary>
    private static JsonElement Result(string output) => JsonDocument.Parse(output.TrimEnd('\n').Split('\n')[^1]).RootElement;
}
