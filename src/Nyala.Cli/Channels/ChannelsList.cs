using System.CommandLine;
using System.Globalization;
using Nyala.Cli.Output;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Cli.Channels;

/// <summary><c>nyala channels list</c>.</summary>
internal static class ChannelsList
{
    private static readonly ListView<IReadOnlyList<HookChannel>, HookChannel> View = new(
        NyalaJson.Wire.IReadOnlyListHookChannel,
        ["NAME", "URLS", "STATE", "RATE", "ACCOUNT"],
        channel =>
        [
            channel.Name,
            string.Join(", ", channel.Urls),
            channel.Configured ? "ready" : "not configured",
            channel.Rate is { } rate ? string.Create(CultureInfo.InvariantCulture, $"{rate}/min") : "",
            channel.Account ?? channel.Missing ?? "",
        ],
        "no channels.");

    public static Command Create(CommandEnvironment environment)
    {
        var command = new Command("list", "List channels, their accounts, and what is missing.");
        return View.AddTo(command, environment, (_, client, cancellationToken) => client.ListChannelsAsync(cancellationToken), withSite: false);
    }
}
