namespace Nyala.Server.Deployments;

internal static class DeploymentsSetup
{
    public static IServiceCollection AddDeployments(this IServiceCollection services, DeploymentOptions options) => services
        .AddSingleton(options)
        .AddSingleton<DeploymentPayload>()
        .AddSingleton<DeploymentReads>()
        .AddSingleton<RunLogs>()
        .AddSingleton<LogReader>()
        .AddSingleton<LogNotifier>()
        .AddSingleton<RunFollower>()
        .AddSingleton<DeploymentsInstruments>()
        .AddSingleton<ReportRecorder>()
        .AddHostedService<StaleRunReaper>();
}
