using System.Text.Json;
using Nyala.Client;

namespace Nyala.EndToEnd.Support;

/// <summary>A delivery as a verifier in another language reads it from its standard input: JSON with secret, headers and body.</summary>
internal static class SignedRequest
{
    /// <summary>Has a real server send a real delivery.</summary>
    /// <param name="machine">Where the server runs.</param>
    /// <param name="change">Changes the body after it was received; null leaves it as it came.</param>
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
