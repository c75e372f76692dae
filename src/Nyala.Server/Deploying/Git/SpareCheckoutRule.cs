namespace Nyala.Server.Deploying.Git;

/// <summary>Decides whether a disk has room for a spare checkout. Pure.</summary>
internal static class SpareCheckoutRule
{
    private const long Gibi = 1024 * 1024 * 1024;

    /// <summary>A spare never takes the last twentieth of a disk, nor its last gibibyte, which all else has need of.</summary>
    /// <param name="free">Bytes that are free.</param>
    /// <param name="total">Bytes that the disk has.</param>
    public static bool HasRoom(long free, long total) => free > Math.Max(Gibi, total / 20);
}
