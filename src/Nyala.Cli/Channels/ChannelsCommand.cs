using System.CommandLine;

namespace Nyala.Cli.Channels;

/// <summary><c>nyala channels</c>: shows and tries the server's accounts at mail servers and services.</summary>
internal static class ChannelsCommand
{
    public static Command Create(CommandEnvironment environment) => new("channels", "Show and try the server's accounts for mail, calls, text messages and X.")
    {
        ChannelsList.Create(environment),
        ChannelsTest.Create(environment),
    };
}
