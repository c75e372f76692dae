using Nyala.Client;
using Nyala.EndToEnd.Support;

namespace Nyala.EndToEnd;

/// <summary>The webhook of a push contains everything that the relay WCOMAB/KuduPostDeploymentSlackHook sends to Slack.</summary>
public sealed class SlackRelayTests : IDisposable
{
    private readonly Machine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public async Task The_Slack_relay_announces_a_push_that_was_deployed_and_does_not_call_a_ping_a_failure()
    {
        (Received ping, Received callback, string commit) = await PushAsync("The first shop");

        Assert.Equal(
            $"Published: default\nInitiated by: Nyala {ping["endTime"]}\n<https://shop.example.com|shop.example.com> \nThis is a ping: nothing was deployed.\n",
            await SlackAsync(ping));
        Assert.Equal(
            $"Published: default\nInitiated by: Ann {callback["endTime"]}\n<https://shop.example.com|shop.example.com> Id: {commit}\nThe first shop\n",
            await SlackAsync(callback));
    }

    [Fact]
    public async Task The_Slack_relay_announces_a_push_whose_deployment_failed()
    {
        await File.WriteAllTextAsync(Path.Combine(_machine.Work, ".deployment"), "[config]\ncommand = exit 3\n", TestContext.Current.CancellationToken);

        (_, Received callback, string commit) = await PushAsync("The second shop");

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

    private async Task<(Received Ping, Received Callback, string Commit)> PushAsync(string message)
    {
        _machine.Variables["NYALA_SITES__HOSTNAME"] = "shop.example.com";
        await using Receiver receiver = await Receiver.StartAsync();
        ServerProcess server = await _machine.ServeAsync();
        Hook hook = await server.Client.AddHookAsync(new HookRequest { Url = receiver.Url }, TestContext.Current.CancellationToken);
        await server.Client.PingHookAsync(hook.Id, TestContext.Current.CancellationToken);
        string commit = _machine.Commit(message);

        (int exitCode, _, string error) = (await Tool.RunAsync(
            "git", ["-C", _machine.Work, "push", "--quiet", $"http://anyone:{server.Token}@{server.Address.Authority}/", "trunk:main"], ""))!.Value;

        Assert.True(exitCode == 0, error);
        return (await receiver.NextAsync(), await receiver.NextAsync(), commit);
    }
}
