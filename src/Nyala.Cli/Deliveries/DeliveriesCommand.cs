using System.CommandLine;

namespace Nyala.Cli.Deliveries;

/// <summary><c>nyala deliveries</c>: what was sent to whom, and what came of it.</summary>
internal static class DeliveriesCommand
{
    public static Command Create(Surroundings surroundings) => new("deliveries", "What was sent to whom, what came of it, and sending it again.")
    {
        DeliveriesList.Create(surroundings),
        DeliveriesShow.Create(surroundings),
        DeliveriesRedeliver.Create(surroundings),
        DeliveriesRedelivery.Create(surroundings),
    };
}
