using System.Buffers;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Nyala.Server.Disk;

namespace Nyala.Server.Deploying.Zip;

/// <summary>Writes a request body to disk as it arrives, so that a zip is never in memory as a whole.</summary>
internal static class ZipUpload
{
    private const int ChunkSize = 128 * 1024;

    /// <summary>The number of bytes past the limit that are read and dropped, so that the sender sees the refusal instead of a broken connection.</summary>
    private const int Excess = 8 * 1024 * 1024;

    /// <summary>Writes the body to a new file, whatever its content type, because curl sends that of a form by default. Multipart forms are refused.</summary>
    /// <param name="request">The request, whose body has not been read.</param>
    /// <param name="file">A path that does not exist yet, in a folder that does.</param>
    /// <param name="limits">The limits for the zip.</param>
    /// <param name="mayBeEmpty">Whether an empty body is accepted.</param>
    /// <param name="cancellationToken">Cancels the operation. No file is left.</param>
    /// <returns>Null if the file is complete; otherwise the refusal, in which case there is no file.</returns>
    public static async Task<ProblemHttpResult?> SaveAsync(HttpRequest request, string file, ZipOptions limits, bool mayBeEmpty, CancellationToken cancellationToken)
    {
        // If the request is refused here, the server continues to read for some seconds, so that the sender sees the refusal.
        IHttpMaxRequestBodySizeFeature body = request.HttpContext.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>();
        bool refused = request.ContentLength > limits.Size;
        if (!body.IsReadOnly)
        {
            body.MaxRequestBodySize = refused ? null : limits.Size + Excess;
        }

        if (refused)
        {
            return TooLarge(limits);
        }

        if (request.ContentType?.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) == true)
        {
            return Refuse(StatusCodes.Status415UnsupportedMediaType, "Forms are not supported", "Send the zip itself as the body; with curl, use --data-binary @site.zip instead of -F.");
        }

        bool complete = false;
        try
        {
            ProblemHttpResult? wrong = await WriteAsync(request.Body, file, limits, mayBeEmpty, cancellationToken);
            complete = wrong is null;
            return wrong;
        }
        catch (IOException error) when (DiskFull.Is(error))
        {
            return OutOfSpace();
        }
        finally
        {
            if (!complete)
            {
                File.Delete(file);
            }
        }
    }

    private static async Task<ProblemHttpResult?> WriteAsync(Stream body, string file, ZipOptions limits, bool mayBeEmpty, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            await using var to = new FileStream(file, Options());
            long size = 0;
            int read;
            while ((read = await body.ReadAsync(buffer.AsMemory(0, ChunkSize), cancellationToken)) > 0)
            {
                size += read;
                if (size <= limits.Size)
                {
                    await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                }
            }

            return size > limits.Size ? TooLarge(limits)
                : size == 0 && !mayBeEmpty ? Refuse(StatusCodes.Status400BadRequest, "No zip was sent", "The body is empty. Send the zip as the body; with curl, use --data-binary @site.zip.")
                : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Returns 507: the disk is full.</summary>
    public static ProblemHttpResult OutOfSpace() =>
        Refuse(StatusCodes.Status507InsufficientStorage, "Out of space", DiskFull.Refusal);

    /// <summary>Returns how to create the file, which only its owner may read.</summary>
    public static FileStreamOptions Options()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }

    private static ProblemHttpResult TooLarge(ZipOptions limits) => Refuse(
        StatusCodes.Status413PayloadTooLarge, "Zip too large", $"A zip can have at most {limits.Size} bytes, both packed and unpacked (Deploying:Zip:Size). Leave out files that need not be deployed, or raise the option.");

    private static ProblemHttpResult Refuse(int status, string title, string detail) => TypedResults.Problem(detail, title: title, statusCode: status);
}
