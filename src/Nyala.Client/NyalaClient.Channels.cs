using Nyala.Client.Json;

namespace Nyala.Client;

public sealed partial class NyalaClient
{
    /// <summary>Lists the channels and the server's accounts for them. Needs the scope <c>read</c>.</summary>
    public Task<IReadOnlyList<HookChannel>> ListChannelsAsync(CancellationToken cancellationToken = default) =>
        Root.ReadAsync(HttpMethod.Get, "channels", null, NyalaJson.Wire.IReadOnlyListHookChannel, cancellationToken);

    /// <summary>Sends a test message to a URL, as a hook would, and stores nothing. Needs the scope <c>hooks</c>.</summary>
    public Task<ChannelTest> TestChannelAsync(ChannelTestRequest test, CancellationToken cancellationToken = default) =>
        Root.ReadAsync(HttpMethod.Post, "channels/test", Json(test, NyalaJson.Wire.ChannelTestRequest), NyalaJson.Wire.ChannelTest, cancellationToken);
}
