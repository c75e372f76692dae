using Nyala.Server.Storage;

namespace Nyala.Server.Sites;

/// <summary>Creates the default site if it does not exist. Deployments and events that name no site belong to it.</summary>
internal sealed class DefaultSite(IStore store, NyalaOptions options, TimeProvider clock) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        string name = options.Sites.Default;
        if (await store.ReadAsync(tables => tables.Sites.Find(name), cancellationToken) is null)
        {
            await store.WriteAsync(tables => tables.Sites.Touch(name, clock.GetUtcNow()));
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
