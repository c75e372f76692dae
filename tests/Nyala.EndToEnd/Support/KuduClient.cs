using System.Text.Json;

namespace Nyala.EndToEnd.Support;

/// <summary>A client of Kudu that others wrote, from npm, unchanged.</summary>
/// <param name="server">What it speaks to.</param>
/// <param name="package">Its package.</param>
internal sealed class KuduClient(ServerProcess server, string package)
{
    /// <summary>Calls one of its functions to its good end and gives what that gave.</summary>
    /// <param name="part">The part of the client that has the function.</param>
    /// <param name="name">The function.</param>
    /// <param name="args">What it is called with; <c>{ file = path }</c> is a stream of that file.</param>
    public async Task<JsonElement> CallAsync(string part, string name, params object?[] args)
    {
        (int exitCode, string output, string error) = await TryAsync(part, name, args);
        Assert.True(exitCode == 0, $"{package} failed at {name}: {error}\n{output}");
        return Result(output);
    }

    /// <summary>Calls one of its functions.</summary>
    public Task<(int ExitCode, string Out, string Error)> TryAsync(string part, string name, params object?[] args) =>
        RunAsync("call.mjs", new { url = Url(server), token = server.Token, client = package, part, name, args });

    /// <summary>Deploys a zip as Visual Studio Code does, and gives what it saw at the end.</summary>
    public static async Task<JsonElement> DeployAsVisualStudioCodeAsync(ServerProcess server, string file)
    {
        (int exitCode, string output, string error) = await RunAsync("vscode-deploy.mjs", new { url = Url(server), token = server.Token, file });
        Assert.True(exitCode == 0, error);
        return Result(output);
    }

    private static string Url(ServerProcess server) => server.Address.GetLeftPart(UriPartial.Authority);

    private static Task<(int ExitCode, string Out, string Error)> RunAsync(string script, object input) =>
        Tool.RunNodeAsync(script, JsonSerializer.Serialize(input));

    /// <summary>What a script prints last; a client may print lines of its own before.</summary>
    private static JsonElement Result(string output) => JsonDocument.Parse(output.TrimEnd('\n').Split('\n')[^1]).RootElement;
}
