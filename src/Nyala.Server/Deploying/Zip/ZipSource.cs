namespace Nyala.Server.Deploying.Zip;

/// <summary>The files of a zip that was sent.</summary>
/// <param name="upload">Where it is now; null if it is a package already.</param>
/// <param name="package">Where it is kept from now on.</param>
/// <param name="limits">What it may hold.</param>
internal sealed class ZipSource(string? upload, string package, ZipOptions limits) : ISource
{
    public string Kind => "zip";

    public async Task<string?> FillAsync(string folder, RunOutput output, CancellationToken cancellationToken)
    {
        if (upload is not null)
        {
            // Not before the run is recorded: what no run leads to is purged.
            SiteFolders.MakePrivate(Path.GetDirectoryName(package)!);
            File.Move(upload, package);
        }

        await output.WriteAsync($"Unpacking a zip of {new FileInfo(package).Length} bytes.");
        return await Unpacker.UnpackAsync(package, folder, limits, cancellationToken);
    }
}
