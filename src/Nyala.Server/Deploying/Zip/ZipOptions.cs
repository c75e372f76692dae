namespace Nyala.Server.Deploying.Zip;

/// <summary>Options of the section <c>Deploying:Zip</c>: what a zip that is deployed may hold.</summary>
internal sealed class ZipOptions
{
    /// <summary>How many bytes a zip may unpack to; it may not be larger itself either. Default 2147483648 (2 GiB); 1024 to 1099511627776.</summary>
    public long Size { get; set; } = 2L * 1024 * 1024 * 1024;

    /// <summary>How many files and folders it may hold. Default 100000; 1 to 10000000. Some 300 bytes of memory each, while it is unpacked.</summary>
    public int Entries { get; set; } = 100_000;

    /// <summary>How many times its packed size a zip may unpack to, if that is more than <see cref="RatioFrom"/>. Default 100; 1 to 10000.</summary>
    public int Ratio { get; set; } = 100;

    /// <summary>Up to how many unpacked bytes <see cref="Ratio"/> is not asked for. Default 104857600 (100 MiB); 0 to 1099511627776.</summary>
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
