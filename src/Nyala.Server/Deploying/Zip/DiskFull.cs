namespace Nyala.Server.Deploying.Zip;

/// <summary>Tells a disk that is full from one that is broken.</summary>
internal static class DiskFull
{
    private const int NoSpace = 28;
    private const int QuotaOnLinux = 122;
    private const int FullOnWindows = unchecked((int)0x80070070);

    public static bool Is(IOException error) => error.HResult == FullOnWindows || (!OperatingSystem.IsWindows() && error.HResult is NoSpace or QuotaOnLinux);
}
