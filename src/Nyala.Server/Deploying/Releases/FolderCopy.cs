using System.ComponentModel;
using System.Diagnostics;
using Nyala.Server.Processes;

namespace Nyala.Server.Deploying.Releases;

/// <summary>
/// Copies a folder with all that is in it, by the system's <c>cp</c>: it keeps modes, times, links and names that are not UTF-8, follows no link, and shares
/// blocks where the file system can.
/// </summary>
internal static class FolderCopy
{
    /// <param name="from">The folder.</param>
    /// <param name="to">A folder that is there and empty.</param>
    /// <param name="cancellationToken">Ends it in the middle.</param>
    /// <returns>Null, or why it failed, for a person.</returns>
    public static async Task<string?> CopyAsync(string from, string to, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = Programs.Start("cp", "-a", "--", Path.Combine(from, "."), to).WithCleanEnvironment();
        OrphanProcesses.MarkCommand(start, to);
        try
        {
            ProgramResult copied = await Programs.RunAsync(start, cancellationToken);
            return copied.Ok ? null
                : copied.Error.Contains("No space left", StringComparison.Ordinal) ? "The server's disk is full. Make space and send this again."
                : $"The release cannot be copied: {copied.Error.Trim().Split('\n')[0]}";
        }
        catch (Win32Exception)
        {
            return "The server's machine has no \"cp\", which copies the release that a part is laid into. Install coreutils, or deploy the whole site.";
        }
    }
}
