using Nyala.Client;
using Nyala.EndToEnd.Support;

namespace Nyala.EndToEnd;

/// <summary>The webhook of a push contains everything that the relay WCOMAB/KuduPostDeploymentSlackHook sends to Slack.</summary>
public sealed class SlackRelayTests : IDisposable
{
    private readonly Machine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public async Task The_Slack_relay_announces_a_push_that_was_deployed()
    {
        (Received callback, string commit) = await PushAsync("The first shop");

        Assert.Equal(
            $"Published: default\nInitiated by: Ann {callback["endTime"]}\n<https://shop.example.com|shop.example.com> Id: {commit}\nThe first shop\n",
            await SlackAsync(callback));
    }

    [Fact]
    public async Task The_Slack_relay_announces_a_push_whose_deployment_failed()
    {
        await File.WriteAllTextAsync(Path.Combine(_machine.Work, ".deployment"), "[config]\ncommand = exit 3\n", TestContext.Current.CancellationToken);

        (Received callback, string commit) = await PushAsync("The second shop");

        Assert.Equal(
            $"Failed: default\nInitiated by: Ann {callback["endTime"]}\n<https://shop.example.com|shop.example.com> Id: {commit}\nThe second shop\n",
            await SlackAsync(callback));
    }

    private static async Task<string> SlackAsync(Received callback)
    {
        (int exitCode, string output, string error) = await Tool.RunNodeAsync("slack-text.mjs", callback.Text);
        Assert.Equal((0, ""), (exitCode, error));
        return output;
    }

    private async Task<(Received Callback, string Commit)> PushAsync(string message)
    {
        _machine.Variables["NYALA_SITES__HOSTNAME"] = "shop.example.com";
        await using Receiver receiver = await Receiver.StartAsync();
        ServerProcess server = await _machine.ServeAsync();
        await server.Client.AddHookAsync(new HookRequest { Url = receiver.Url }, TestContext.Current.CancellationToken);
        string commit = _machine.Commit(message);

        (int exitCode, _, string error) = (await Tool.RunAsync(
            "git", ["-C", _machine.Work, "push", "--quiet", $"http://anyone:{server.Token}@{server.Address.Authority}/", "trunk:main"], ""))!.Value;

        Assert.True(exitCode == 0, error);
        return (await receiver.NextAsync(), commit);
    }
}
