using System.CommandLine;

namespace Nyala.Cli.Deliveries;

/// <summary><c>nyala deliveries</c>: lists, shows and redelivers deliveries.</summary>
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
