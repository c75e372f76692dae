using System.CommandLine;

namespace Nyala.Cli.Deliveries;

/// <summary><c>nyala deliveries</c>: what was sent to whom, and what came of it.</summary>
internal static class DeliveriesCommand
{
    public static Command Create(Surroundings surroundings) => new("deliveries", "List, inspect and redeliver deliveries.")
    {
        DeliveriesList.Create(surroundings),
        DeliveriesShow.Create(surroundings),
        DeliveriesRedeliver.Create(surroundings),
        DeliveriesRedelivery.Create(surroundings),
    };
}
