namespace Nyala.Server.Deploying.Zip;

/// <summary>Options of the section <c>Deploying:Zip</c>: limits for a zip that is deployed.</summary>
internal sealed class ZipOptions
{
    /// <summary>
    /// The maximum number of bytes that a zip may unpack to, and the maximum size of the zip itself. Default 2147483648 (2 GiB); 1024 to 1099511627776.
    /// </summary>
    public long Size { get; set; } = 2L * 1024 * 1024 * 1024;

    /// <summary>
    /// The maximum number of files and folders in a zip. Each takes about 300 bytes of memory while the zip is unpacked. Default 100000; 1 to 10000000.
    /// </summary>
    public int Entries { get; set; } = 100_000;

    /// <summary>The maximum ratio of unpacked to packed size, for zips that unpack to more than <see cref="RatioFrom"/>. Default 100; 1 to 10000.</summary>
    public int Ratio { get; set; } = 100;

    /// <summary>The number of unpacked bytes up to which <see cref="Ratio"/> does not apply. Default 104857600 (100 MiB); 0 to 1099511627776.</summary>
    public long RatioFrom { get; set; } = 100L * 1024 * 1024;

    public IEnumerable<string> Validate()
    {
        const long Most = 1L << 40;
        if (Size is < 1024 or > Most)
        {
            yield return $"Deploying:Zip:Size is {Size}: it must be from 1024 to {Most} bytes.";
        }

        if (Entries is < 1 or > 10_000_000)
        {
            yield return $"Deploying:Zip:Entries is {Entries}: it must be from 1 to 10000000.";
        }

        if (Ratio is < 1 or > 10_000)
        {
            yield return $"Deploying:Zip:Ratio is {Ratio}: it must be from 1 to 10000.";
        }

        if (RatioFrom is < 0 or > Most)
        {
            yield return $"Deploying:Zip:RatioFrom is {RatioFrom}: it must be from 0 to {Most} bytes.";
        }
    }
}
