namespace Nyala.Server.Deploying.Git;

/// <summary>Decides whether a disk has room for a spare checkout. Pure.</summary>
internal static class SpareCheckoutRule
{
    private const long Gibi = 1024 * 1024 * 1024;

    /// <summary>Whether there is room: a spare never takes the last twentieth of a disk or its last GiB, which everything else needs.</summary>
    /// <param name="free">The number of free bytes.</param>
    /// <param name="total">The size of the disk in bytes.</param>
    public static bool HasRoom(long free, long total) => free > Math.Max(Gibi, total / 20);
}
