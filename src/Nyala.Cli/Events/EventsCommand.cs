using System.CommandLine;

namespace Nyala.Cli.Events;

/// <summary><c>nyala events</c>: publishes, lists and shows events.</summary>
internal static class EventsCommand
{
    public static Command Create(CommandEnvironment environment) => new("events", "Publish, list and inspect events.")
    {
        EventsPublish.Create(environment),
        EventsList.Create(environment),
        EventsShow.Create(environment),
    };
}
