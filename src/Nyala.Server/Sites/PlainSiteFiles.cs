using Nyala.Server.Hosting;

namespace Nyala.Server.Sites;

/// <summary>The folders of sites at which nothing is performed.</summary>
internal sealed class PlainSiteFiles(NyalaOptions options) : ISiteFiles
{
    public IDisposable? TryHold(string site) => new Hold();

    public Task<bool> RemoveAsync(string site) => Task.Run(() =>
    {
        var folder = new DirectoryInfo(Path.Combine(options.Data, "sites", site));
        bool there = folder.Exists;
        if (there)
        {
            folder.Delete(recursive: true);
        }

        return there;
    });

    private sealed class Hold : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
