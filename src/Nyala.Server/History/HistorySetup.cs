namespace Nyala.Server.History;

internal static class HistorySetup
{
    /// <summary>Adds history reads and redelivery. Bulk redelivery starts after the lanes can be reached, and stops before the lanes do.</summary>
    public static IServiceCollection AddHistory(this IServiceCollection services) => services
        .AddSingleton<HistoryReads>()
        .AddSingleton<SingleRedelivery>()
        .AddSingleton<BulkRedelivery>()
        .AddSingleton<BulkRedeliveryWorker>()
        .AddHostedService(provider => provider.GetRequiredService<BulkRedeliveryWorker>());
}
