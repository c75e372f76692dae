using System.Text.Json;
using System.Text.Json.Nodes;

namespace Nyala.EndToEnd.Support;

/// <summary>The app in <c>integrations/zapier</c>, run by Zapier's own tester against a server.</summary>
internal sealed class ZapierApp(ServerProcess server)
{
    public const string Trigger = "triggers.deployment_finished.operation";

    /// <summary>Makes one call of a function of the app.</summary>
    /// <param name="path">The path of the function in the app; <c>validate</c> checks the definition of the app instead.</param>
    /// <param name="bundle">What Zapier passes to the function.</param>
    public static object Call(string path, object? bundle = null) => new { path, bundle };

    /// <summary>Makes calls one after the other, in one process, and returns for each an object with its <c>result</c> or its <c>error</c>.</summary>
    public async Task<JsonNode[]> RunAsync(params object[] calls)
    {
        string input = JsonSerializer.Serialize(new { url = server.Address.GetLeftPart(UriPartial.Authority), token = server.Token, calls });
        (int exitCode, string output, string error) = await Tool.RunNodeAsync("zapier.mjs", input);
        Assert.True(exitCode == 0, error);
        return [.. JsonNode.Parse(output.TrimEnd('\n').Split('\n')[^1])!.AsArray().OfType<JsonNode>()];
    }
}
