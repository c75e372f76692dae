namespace Nyala.Server.Deploying.Zip;

/// <summary>The files of a zip that was sent.</summary>
/// <param name="upload">The path of the zip; null if it is a package already.</param>
/// <param name="package">The path at which the zip is kept from now on.</param>
/// <param name="limits">The limits for the zip.</param>
internal sealed class ZipSource(string? upload, string package, ZipOptions limits) : ISource
{
    public string Kind => "zip";

    public async Task<string?> FillAsync(string folder, RunOutput output, CancellationToken cancellationToken)
    {
        if (upload is not null)
        {
            // The run must be recorded before this, because a package without a run is purged.
            SiteFolders.MakePrivate(Path.GetDirectoryName(package)!);
            File.Move(upload, package);
        }

        await output.WriteAsync($"Unpacking a zip of {new FileInfo(package).Length} bytes.");
        return await Unpacker.UnpackAsync(package, folder, limits, cancellationToken);
    }
}
