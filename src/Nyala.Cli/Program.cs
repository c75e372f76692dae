using System.CommandLine;
using Nyala.Cli.Audit;
using Nyala.Cli.Channels;
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
        CommandEnvironment environment = CommandEnvironment.OfThisProcess();
        return CommandLine.InvokeAsync(Root(environment), args, environment);
    }

    internal static RootCommand Root(CommandEnvironment environment) => new("Sends webhooks when deployments start, succeed or fail.")
    {
        ServeCommand.Create(environment),
        DeployCommand.Create(environment),
        RunCommand.Create(environment),
        HooksCommand.Create(environment),
        DeploymentsCommand.Create(environment),
        DeliveriesCommand.Create(environment),
        EventsCommand.Create(environment),
        SitesCommand.Create(environment),
        ChannelsCommand.Create(environment),
        TokensCommand.Create(environment),
        AuditCommand.Create(environment),
        SpoolCommand.Create(environment),
        DemoCommand.Create(environment),
    };
}
