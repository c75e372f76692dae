using System.ComponentModel;
using System.Diagnostics;

namespace Nyala.EndToEnd.Support;

/// <summary>Runs programs of third parties.</summary>
internal static class Tool
{
    /// <summary>Runs a program with an input. Returns null if the program is not installed.</summary>
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

    /// <summary>Runs a script in the folder <c>node</c>, which contains its packages.</summary>
    public static async Task<(int ExitCode, string Out, string Error)> RunNodeAsync(string script, string input)
    {
        string folder = SourceTree.PathOf("tests", "Nyala.EndToEnd", "node");
        Assert.True(Directory.Exists(Path.Combine(folder, "node_modules")), "Run \"npm ci\" in tests/Nyala.EndToEnd/node first, as test.sh does.");
        return await RunAsync("node", ["--no-deprecation", Path.Combine(folder, script)], input) ?? (-1, "", "Node.js is not installed.");
    }
}
