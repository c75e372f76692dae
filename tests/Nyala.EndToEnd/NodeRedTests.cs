using System.Text.Json;
using Nyala.EndToEnd.Support;

namespace Nyala.EndToEnd;

/// <summary>The flow in <c>integrations/node-red</c>.</summary>
public sealed class NodeRedTests
{
    private static readonly JsonDocument Flow = JsonDocument.Parse(File.ReadAllText(SourceTree.PathOf("integrations", "node-red", "flow.json")));

    [Fact]
    public async Task The_Node_RED_flow_continues_only_with_requests_that_Nyala_signed()
    {
        (int exitCode, string output, string error) = await Tool.RunNodeAsync("node-red-verify.mjs", "");

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Equal(
            """
            {"genuine":[204,{"status":"failed","message":"café ☕"}],"rotated":[204,{"status":"failed","message":"café ☕"}],"changed":[401,null],"other":[401,null],"old":[401,null],"unsigned":[401,null],"unset":[500,null]}
            """,
            output.TrimEnd('\n'));
    }

    [Fact]
    public void The_wires_of_the_Node_RED_flow_lead_to_its_nodes_and_every_request_gets_a_response()
    {
        Dictionary<string, JsonElement> nodes = Flow.RootElement.EnumerateArray().ToDictionary(node => node.GetProperty("id").GetString()!);
        string[][] wires = [.. nodes.Values.Where(node => node.TryGetProperty("wires", out _)).SelectMany(Wires)];

        Assert.All(wires.SelectMany(to => to), to => Assert.Contains(to, nodes.Keys));
        JsonElement verify = nodes.Values.Single(node => node.GetProperty("type").GetString() == "function");
        Assert.Contains(Wires(verify)[1], to => nodes[to].GetProperty("type").GetString() == "http response");
        Assert.True(nodes.Values.Single(node => node.GetProperty("type").GetString() == "http in").GetProperty("skipBodyParsing").GetBoolean());
    }

    private static string[][] Wires(JsonElement node) => [.. node.GetProperty("wires").EnumerateArray().Select(output => output.EnumerateArray().Select(to => to.GetString()!).ToArray())];
}
