using System.Diagnostics;
using System.Globalization;

namespace Nyala.EndToEnd.Support;

/// <summary>
/// Simulates what a power cut leaves of a folder at any moment of a command that works in it. <c>powercut/powercut.c</c> records each sync, and the
/// folder is recreated as it was on the disk after a number of syncs. Nothing reaches the disk between two syncs, so these are all possible moments.
/// </summary>
internal sealed class PowerCut : IDisposable
{
    private static readonly Lazy<string> Tool = new(Build);

    private readonly string _folder;
    private readonly DirectoryInfo _record = Directory.CreateTempSubdirectory("nyala-power-");

    /// <param name="folder">The folder. Its content when the command starts counts as synced.</param>
    public PowerCut(string folder) => _folder = folder;

    /// <summary>The command to put before the command that is recorded.</summary>
    public string[] Command => [Tool.Value, _folder, _record.FullName];

    /// <summary>The number of completed syncs. Everything confirmed by now must survive a power cut after this number.</summary>
    public int Syncs => Lines().Where(line => line[0] == 'S').Select(line => int.Parse(line[2..], CultureInfo.InvariantCulture)).Last();

    /// <summary>Recreates the folder elsewhere, as a power cut leaves it.</summary>
    /// <param name="syncs">The number of syncs that were completed before the power cut.</param>
    /// <param name="target">The folder to create; it must not exist.</param>
    /// <param name="namesKept">
    /// Whether the names of files at that moment are kept even if they were not synced, because a disk may write names before contents.
    /// Otherwise, only synced names exist.
    /// </param>
    public void Restore(int syncs, string target, bool namesKept = false)
    {
        var files = new Dictionary<string, (UnixFileMode Mode, string Content)>();
        var folders = new Dictionary<string, List<string[]>>();
        string root = "";
        List<string[]>? open = null;
        foreach (string line in Lines())
        {
            string[] parts = line.Split(' ');
            switch (parts[0])
            {
                case "R":
                    root = parts[1];
                    break;
                case "F":
                    files[parts[1]] = (ModeOf(parts[2]), Path.Combine(_record.FullName, parts[3]));
                    break;
                case "D" or "N":
                    open = (parts[0] == "N") == namesKept ? folders[parts[1]] = [] : null;
                    break;
                case "E":
                    open?.Add(parts);
                    break;
                case "S" when int.Parse(parts[1], CultureInfo.InvariantCulture) == syncs:
                    Make(root, target);
                    return;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(syncs), syncs, "There were not as many.");

        void Make(string folder, string path)
        {
            Directory.CreateDirectory(path);
            foreach (string[] entry in folders.GetValueOrDefault(folder, []))
            {
                string inner = Path.Combine(path, TextOf(entry[4]));
                if (entry[1] == "d")
                {
                    Make(entry[2], inner);
                    SetMode(inner, ModeOf(entry[3]));
                }
                else if (entry[1] == "l")
                {
                    File.CreateSymbolicLink(inner, TextOf(entry[5]));
                }
                else if (files.TryGetValue(entry[2], out (UnixFileMode Mode, string Content) file))
                {
                    File.Copy(file.Content, inner);
                    SetMode(inner, file.Mode);
                }
                else
                {
                    // The name was synced, but the content never was.
                    File.WriteAllBytes(inner, []);
                    SetMode(inner, ModeOf(entry[3]));
                }
            }
        }
    }

    public void Dispose() => _record.Delete(recursive: true);

    private IEnumerable<string> Lines()
    {
        using var journal = new StreamReader(new FileStream(Path.Combine(_record.FullName, "journal"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (journal.ReadLine() is { Length: > 0 } line)
        {
            yield return line;
        }
    }

    private static string TextOf(string hexadecimal) => System.Text.Encoding.UTF8.GetString(Convert.FromHexString(hexadecimal));

    private static UnixFileMode ModeOf(string octal) => (UnixFileMode)Convert.ToInt32(octal, 8);

    private static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }

    private static string Build()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux can record the system calls.");
        string tool = Path.Combine(AppContext.BaseDirectory, "powercut");
        string source = SourceTree.PathOf("tests", "Nyala.EndToEnd", "powercut", "powercut.c");
        using Process compiler = Process.Start(new ProcessStartInfo("cc", ["-O1", "-Wall", "-o", tool, source]) { RedirectStandardError = true })!;
        string said = compiler.StandardError.ReadToEnd();
        compiler.WaitForExit();
        Assert.True(compiler.ExitCode == 0, said);
        return tool;
    }
}
