using Nyala.Server.Deploying.Commands;
using Nyala.Server.Deploying.Git;
using Nyala.Server.Deploying.Push;
using Nyala.Server.Deploying.Releases;
using Nyala.Server.Deploying.Zip;
using Nyala.Server.Deployments;
using Nyala.Server.Sites;

namespace Nyala.Server.Deploying;

internal static class DeployingSetup
{
    /// <summary>Adds the services that perform deployments. They start after delivery and stop before it.</summary>
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
        .AddSingleton<SpareCheckouts>()
        .AddSingleton<RunningDeployments>()
        .AddSingleton<OrderProgress>()
        .AddSingleton<RunOutputs>()
        .AddSingleton<Deployer>()
        .AddSingleton<Canceler>()
        .AddSingleton<Redeployer>()
        .AddSingleton<IRedeployer>(provider => provider.GetRequiredService<Redeployer>())
        .AddSingleton<PackageFetcher>()
        .AddSingleton<ZipIntake>()
        .AddSingleton<PushAdmission>()
        .AddSingleton<PushSession>()
        .AddSingleton<GitServer>()
        .AddHostedService<StartupCleanup>()
        .AddSingleton<Shutdown>()
        .AddHostedService(provider => provider.GetRequiredService<Shutdown>());
}
