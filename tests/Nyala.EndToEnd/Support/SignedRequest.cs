using System.Text.Json;
using Nyala.Client;

namespace Nyala.EndToEnd.Support;

/// <summary>A delivery in the form that a verifier in another language reads from standard input: JSON with secret, headers and body.</summary>
internal static class SignedRequest
{
    /// <summary>Lets a real server send a delivery to a real receiver, and returns it.</summary>
    /// <param name="machine">The machine that runs the server.</param>
    /// <param name="change">Changes the received body; null leaves it unchanged.</param>
    public static async Task<string> TakeAsync(Machine machine, Func<string, string>? change = null)
    {
        await using Receiver receiver = await Receiver.StartAsync();
        ServerProcess server = await machine.ServeAsync();
        Hook hook = await server.Client.AddHookAsync(new HookRequest { Url = receiver.Url, Event = "Built" }, TestContext.Current.CancellationToken);
        Assert.True(await server.AcceptsAsync("Built", """{ "what" : "café ☕",  "n": 1.0 }"""));
        Received delivery = await receiver.NextAsync();
        string body = change is null ? delivery.Text : change(delivery.Text);
        Assert.Equal(change is null, body == delivery.Text);
        return JsonSerializer.Serialize(new
        {
            secret = hook.Secret,
            headers = delivery.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value),
            body,
        });
    }
}
