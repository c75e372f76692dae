namespace Nyala.Server.Deploying.Fetch;

internal static class FetchSetup
{
    /// <summary>Adds the services that deploy from other repositories.</summary>
    public static IServiceCollection AddFetch(this IServiceCollection services) => services
        .AddSingleton<RouteFinder>()
        .AddSingleton<RepositoryFetcher>()
        .AddSingleton<FetchedBranches>()
        .AddSingleton<FetchServices>()
        .AddSingleton<KnownRepository>()
        .AddSingleton<FetchQueue>()
        .AddSingleton<PushWebhookDeliveries>()
        .AddSingleton<PushWebhookIntake>()
        .AddSingleton<FetchIntake>();
}
