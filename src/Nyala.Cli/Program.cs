using System.CommandLine;
using Nyala.Cli.Audit;
using Nyala.Cli.Deliveries;
using Nyala.Cli.Demo;
using Nyala.Cli.Deploy;
using Nyala.Cli.Deployments;
using Nyala.Cli.Events;
using Nyala.Cli.Hooks;
using Nyala.Cli.Run;
using Nyala.Cli.Serve;
using Nyala.Cli.Sites;
using Nyala.Cli.Spool;
using Nyala.Cli.Tokens;

namespace Nyala.Cli;

internal static class Program
{
    public static Task<int> Main(string[] args)
    {
        Surroundings surroundings = Surroundings.OfThisProcess();
        return CommandLine.InvokeAsync(Root(surroundings), args, surroundings);
    }

    internal static RootCommand Root(Surroundings surroundings) => new("Sends webhooks when deployments start, succeed or fail.")
    {
        ServeCommand.Create(surroundings),
        DeployCommand.Create(surroundings),
        RunCommand.Create(surroundings),
        HooksCommand.Create(surroundings),
        DeploymentsCommand.Create(surroundings),
        DeliveriesCommand.Create(surroundings),
        EventsCommand.Create(surroundings),
        SitesCommand.Create(surroundings),
        TokensCommand.Create(surroundings),
        AuditCommand.Create(surroundings),
        SpoolCommand.Create(surroundings),
        DemoCommand.Create(surroundings),
    };
}
