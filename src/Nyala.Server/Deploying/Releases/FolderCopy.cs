using System.ComponentModel;
using System.Diagnostics;
using Nyala.Server.Processes;

namespace Nyala.Server.Deploying.Releases;

/// <summary>
/// Copies a folder and everything in it with the system's <c>cp</c>, which keeps modes, times, links and names that are not UTF-8, follows no links, and shares
/// blocks if the file system can.
/// </summary>
internal static class FolderCopy
{
    /// <param name="from">The folder.</param>
    /// <param name="to">An existing, empty folder.</param>
    /// <param name="cancellationToken">Cancels the copy.</param>
    /// <returns>Null if it succeeded; otherwise the reason for the failure, for people.</returns>
    public static async Task<string?> CopyAsync(string from, string to, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = Programs.Start("cp", "-a", "--", Path.Combine(from, "."), to).WithCleanEnvironment();
        OrphanProcesses.MarkCommand(start, to);
        try
        {
            ProgramResult copied = await Programs.RunAsync(start, cancellationToken);
            return copied.Ok ? null
                : copied.Error.Contains("No space left", StringComparison.Ordinal) ? "The server's disk is full. Free some space, then try again."
                : $"The release cannot be copied: {copied.Error.Trim().Split('\n')[0]}";
        }
        catch (Win32Exception)
        {
            return "The program \"cp\" is not installed on the server's machine. It copies a release when a part of a site is deployed or redeployed. Install coreutils, or deploy the whole site.";
        }
    }
}
