using Nyala.Server.Storage;

namespace Nyala.Server.Sites;

/// <summary>Makes the default site if it is not there yet: what names no site must have one.</summary>
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
