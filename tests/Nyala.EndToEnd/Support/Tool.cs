using System.ComponentModel;
using System.Diagnostics;

namespace Nyala.EndToEnd.Support;

/// <summary>A program of somebody else's.</summary>
internal static class Tool
{
    /// <summary>Runs it on an input; null where it is not installed.</summary>
    public static async Task<(int ExitCode, string Out, string Error)?> RunAsync(string name, IEnumerable<string> args, string input)
    {
        NyalaProcess process;
        try
        {
            process = new NyalaProcess(new ProcessStartInfo(name, args));
        }
        catch (Win32Exception)
        {
            return null;
        }

        using (process)
        {
            process.Type(input);
            return await process.EndAsync();
        }
    }
}
