namespace Nyala.Server.History;

internal static class HistorySetup
{
    /// <summary>Adds reading the history, and redelivery. Bulk redelivery starts once the lanes can be reached, and stops before them.</summary>
    public static IServiceCollection AddHistory(this IServiceCollection services) => services
        .AddSingleton<HistoryReads>()
        .AddSingleton<SingleRedelivery>()
        .AddSingleton<BulkRedelivery>()
        .AddSingleton<BulkRedeliveryWorker>()
        .AddHostedService(provider => provider.GetRequiredService<BulkRedeliveryWorker>());
}
