using System.CommandLine;

namespace Nyala.Cli.Events;

/// <summary><c>nyala events</c>: what hooks are called for.</summary>
internal static class EventsCommand
{
    public static Command Create(Surroundings surroundings) => new("events", "Publish, list and inspect events.")
    {
        EventsPublish.Create(surroundings),
        EventsList.Create(surroundings),
        EventsShow.Create(surroundings),
    };
}
