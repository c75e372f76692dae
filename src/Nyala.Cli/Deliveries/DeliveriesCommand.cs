using System.CommandLine;

namespace Nyala.Cli.Deliveries;

/// <summary><c>nyala deliveries</c>: what was sent to whom, and what came of it.</summary>
internal static class DeliveriesCommand
{
    public static Command Create(CommandEnvironment environment) => new("deliveries", "List, inspect and redeliver deliveries.")
    {
        DeliveriesList.Create(environment),
        DeliveriesShow.Create(environment),
        DeliveriesRedeliver.Create(environment),
        DeliveriesRedelivery.Create(environment),
    };
}
