using Nyala.Server.Deploying.Commands;
using Nyala.Server.Deploying.Push;
using Nyala.Server.Deploying.Zip;
using Nyala.Server.Deployments;
using Nyala.Server.Sites;

namespace Nyala.Server.Deploying;

internal static class DeployingSetup
{
    /// <summary>Adds what performs deployments. It starts once hooks can be told, and stops before that ends.</summary>
    public static IServiceCollection AddDeploying(this IServiceCollection services, DeployingOptions options, string dataFolder) => services
        .AddSingleton(options)
        .AddSingleton(new SiteFolders(dataFolder))
        .AddSingleton(_ => new PushHooks(dataFolder))
        .AddSingleton<SiteGate>()
        .AddSingleton<DeployingInstruments>()
        .AddSingleton<SiteFinder>()
        .AddSingleton<ISiteFiles, SiteFiles>()
        .AddSingleton<CommandRunner>()
        .AddSingleton<CommandStep>()
        .AddSingleton<LfsCheck>()
        .AddSingleton<ReleaseMaker>()
        .AddSingleton<Purger>()
        .AddSingleton<Spares>()
        .AddSingleton<Performances>()
        .AddSingleton<OrderRecord>()
        .AddSingleton<RunOutputs>()
        .AddSingleton<Deployer>()
        .AddSingleton<Canceler>()
        .AddSingleton<Redeployer>()
        .AddSingleton<IRedeploys>(provider => provider.GetRequiredService<Redeployer>())
        .AddSingleton<PackageFetcher>()
        .AddSingleton<ZipReception>()
        .AddSingleton<PushAdmission>()
        .AddSingleton<PushTalk>()
        .AddSingleton<GitServer>()
        .AddHostedService<Resumption>()
        .AddSingleton<Shutdown>()
        .AddHostedService(provider => provider.GetRequiredService<Shutdown>());
}
