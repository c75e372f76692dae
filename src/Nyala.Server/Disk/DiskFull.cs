using System.ComponentModel;

namespace Nyala.Server.Disk;

/// <summary>Distinguishes a full disk from a broken one.</summary>
internal static class DiskFull
{
    /// <summary>The error message for the caller.</summary>
    public const string Refusal = "The server's disk is full. Nothing was stored. Free some space, then try again.";

    private const int NoSpace = 28;
    private const int QuotaOnLinux = 122;
    private const int FullOnWindows = unchecked((int)0x80070070);

    /// <summary>Returns the exception for the error message of a program that ran in the C locale.</summary>
    public static IOException Of(string said) => IsReportedIn(said) ? new IOException(Refusal, NoSpace) : new IOException(said);

    /// <summary>Whether a program that ran in the C locale reports a full disk.</summary>
    public static bool IsReportedIn(string text) => text.Contains("No space left on device", StringComparison.Ordinal) || text.Contains("Disk quota exceeded", StringComparison.Ordinal);

    public static bool Is(IOException error) => error.HResult == FullOnWindows || (!OperatingSystem.IsWindows() && (error.HResult is NoSpace or QuotaOnLinux || error.InnerException is Win32Exception { NativeErrorCode: NoSpace or QuotaOnLinux }));
}
