using Microsoft.AspNetCore.Http.HttpResults;
using Nyala.Server.Disk;
using Nyala.Server.Http;
using Nyala.Server.Outbound;

namespace Nyala.Server.Deploying.Zip;

/// <summary>Fetches the package that a JSON body names: <c>{"packageUri": "https://…"}</c>. The URL often is a credential, so it is never repeated.</summary>
internal sealed class PackageFetcher(Downloader downloader, AddressGuard guard, DeployingOptions options)
{
    private const string Title = "Invalid package";
    private const int MaxUrl = 4096;

    /// <summary>Whether a request's body says where the package is, instead of being the package.</summary>
    public static bool IsWanted(HttpRequest request) =>
        request.ContentType?.Split(';')[0].Trim().Equals("application/json", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Writes the package to a new file.</summary>
    /// <returns>Null if the file is complete; otherwise the refusal, in which case there is no file.</returns>
    public async Task<IResult?> SaveAsync(HttpRequest request, string file, CancellationToken cancellationToken)
    {
        byte[] body = await RequestBody.ReadBytesAsync(request, cancellationToken);
        if (!RequestBody.TryReadObject(body, out JsonFields fields, out string reason))
        {
            return Refusal.BadRequest(Title, reason + " A body of type application/json must be {\"packageUri\": \"https://…\"}. Send a zip as application/zip, and a file as application/octet-stream.");
        }

        if (Read(fields) is not { } url)
        {
            return Refusal.BadFields(Title, fields.Errors);
        }

        bool complete = false;
        try
        {
            IResult? wrong = await SaveAsync(url, file, cancellationToken);
            complete = wrong is null;
            return wrong;
        }
        catch (IOException error) when (DiskFull.Is(error))
        {
            return ZipUpload.OutOfSpace();
        }
        finally
        {
            if (!complete)
            {
                File.Delete(file);
            }
        }
    }

    private async Task<ProblemHttpResult?> SaveAsync(Uri url, string file, CancellationToken cancellationToken)
    {
        await using var to = new FileStream(file, ZipUpload.Options());
        (DownloadEnd end, string reason) = await downloader.SaveAsync(url, to, options.Zip.Size, options.FetchLimit, cancellationToken);
        return end switch
        {
            DownloadEnd.Complete when to.Length > 0 => null,
            DownloadEnd.Complete => Refuse($"The file from {url.Host} is empty."),
            DownloadEnd.TooLarge => Refuse($"The file from {url.Host} is larger than {options.Zip.Size} bytes (Deploying:Zip:Size). Leave out files that need not be deployed, or raise the option."),
            _ => Refuse($"The file cannot be fetched from {url.Host}. {reason}"),
        };
    }

    /// <summary>Reads the URL; null if it is refused, in which case the errors of the fields say why.</summary>
    private Uri? Read(JsonFields fields)
    {
        fields.RefuseOthers(["packageUri"], "Use query parameters instead of \"properties\" and \"targetPath\": ?type=zip&path=…");
        string? text = fields.Text("packageUri", MaxUrl)?.Trim();
        if (fields.Errors.Count > 0)
        {
            return null;
        }

        if (string.IsNullOrEmpty(text))
        {
            fields.Refuse("packageUri", "'packageUri' is missing. Set it to the URL of the zip. To send the zip itself, send it as application/zip.");
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? url) || url.Scheme is not ("https" or "http") || url.Host.Length == 0 || text.Any(char.IsControl))
        {
            fields.Refuse("packageUri", "'packageUri' must be an absolute http or https URL.");
            return null;
        }

        if (guard.Judge(url) is { } refusal)
        {
            fields.Refuse("packageUri", $"'packageUri' is refused: {refusal.Text}");
            return null;
        }

        return url;
    }

    private static ProblemHttpResult Refuse(string detail) => Refusal.Unprocessable("The package cannot be fetched", detail);
}
