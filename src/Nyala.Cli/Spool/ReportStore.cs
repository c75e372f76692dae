using System.Security.Cryptography;
using System.Text;
using Nyala.Cli.Connection;

namespace Nyala.Cli.Spool;

/// <summary>
/// The reports for one server that it has not taken yet: a folder with one file each. Any number of processes may add at
/// once; one at a time sends, under the lock.
/// </summary>
internal sealed class ReportStore
{
    public const string RefusedFolder = "refused";

    private const string AddressFile = "address";
    private const string LockFile = "lock";

    private ReportStore(string folder) => Folder = folder;

    public string Folder { get; }

    /// <summary>The folder that holds one store for each server.</summary>
    public static string RootIn(string stateFolder) => Path.Combine(stateFolder, "spool");

    public static ReportStore Of(string stateFolder, ServerTarget server) => new(Path.Combine(RootIn(stateFolder), KeyOf(server.Address)));

    /// <summary>Every store on this machine with its server's address.</summary>
    public static IEnumerable<(ReportStore Store, string Address)> All(string stateFolder)
    {
        foreach (string folder in In(RootIn(stateFolder), Directory.EnumerateDirectories).Order(StringComparer.Ordinal))
        {
            string address = Path.Combine(folder, AddressFile);
            yield return (new ReportStore(folder), File.Exists(address) ? File.ReadAllText(address).Trim() : Path.GetFileName(folder));
        }
    }

    /// <summary>Every store on this machine that holds reports, waiting or refused.</summary>
    public static IReadOnlyList<SpoolSummary> Sums(string stateFolder) =>
    [
        .. All(stateFolder).Select(one => new SpoolSummary(one.Store, one.Address, one.Store.Names().Count, one.Store.Refused().Count)).Where(sum => sum.Count > 0),
    ];

    /// <summary>The stores with reports waiting for other servers than this one.</summary>
    public static IEnumerable<SpoolSummary> Others(string stateFolder, ServerTarget server) =>
        Sums(stateFolder).Where(sum => sum.Waiting > 0 && sum.Address != server.Name);

    /// <summary>A folder's name for a server: readable, and apart from every other's by a digest of the whole address.</summary>
    internal static string KeyOf(Uri address)
    {
        string name = ServerAddress.Canonical(address);
        string digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..12];
        string readable = new([.. address.Authority.Take(60).Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '_')]);
        return $"{readable}-{digest}";
    }

    /// <summary>Puts a report on the disk. Once this returns, neither the death of the process nor a power cut loses it.</summary>
    public void Add(string name, SpooledReport report, string address)
    {
        Prepare(address, SpoolName.RunOf(name));
        PrivateFiles.Write(Path.Combine(Folder, name), report.ToBytes());
    }

    /// <summary>
    /// Moves everything to another server's store, refused reports too: another server may take them. The caller holds the lock of this one.
    /// </summary>
    /// <returns>How many were moved.</returns>
    public int MoveTo(ReportStore other, string address)
    {
        other.Prepare(address, Guid.NewGuid().ToString("N"));
        IReadOnlyList<string> names = [.. Refused().Select(refused => Path.Combine(RefusedFolder, refused.Name)), .. Names()];
        foreach (string name in names)
        {
            PrivateFiles.Move(Path.Combine(Folder, name), Path.Combine(other.Folder, Path.GetFileName(name)));
        }

        Forget();
        return names.Count;
    }

    /// <summary>Removes everything, refused reports too. The caller holds the lock.</summary>
    /// <returns>How many reports were removed.</returns>
    public int Discard()
    {
        int count = Names().Count + Refused().Count;
        foreach (string name in Names())
        {
            Remove(name);
        }

        Forget();
        return count;
    }

    /// <summary>The names of what waits, in order.</summary>
    public IReadOnlyList<string> Names() => NamesIn(Folder);

    /// <summary>What the server refused for good, with its reason.</summary>
    public IReadOnlyList<(string Name, string Reason)> Refused() =>
    [
        .. NamesIn(Path.Combine(Folder, RefusedFolder)).Select(name => (name, ReasonOf(name))),
    ];

    public SpooledReport? Read(string name) => SpooledReport.Read(File.ReadAllBytes(Path.Combine(Folder, name)));

    /// <summary>Reads one that was set aside.</summary>
    public SpooledReport? ReadRefused(string name) => Read(Path.Combine(RefusedFolder, name));

    public void Remove(string name) => File.Delete(Path.Combine(Folder, name));

    /// <summary>Sets a report aside, so that it does not hold up what comes behind it, and keeps the reason beside it.</summary>
    public void Refuse(string name, string reason)
    {
        string refused = Path.Combine(Folder, RefusedFolder);
        PrivateFiles.CreateFolder(refused);
        PrivateFiles.Write(Path.Combine(refused, Path.ChangeExtension(name, ".txt")), Encoding.UTF8.GetBytes(reason + "\n"));
        PrivateFiles.Move(Path.Combine(Folder, name), Path.Combine(refused, name));
    }

    /// <summary>Takes the lock for sending; null if another process has it. The system frees it when its holder dies.</summary>
    public IDisposable? TryLock()
    {
        PrivateFiles.CreateFolder(Folder);
        try
        {
            return new FileStream(Path.Combine(Folder, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Removes what was set aside, with its reasons.</summary>
    private void Forget()
    {
        if (Directory.Exists(Path.Combine(Folder, RefusedFolder)))
        {
            Directory.Delete(Path.Combine(Folder, RefusedFolder), recursive: true);
        }
    }

    /// <summary>Makes the folder, and writes down whose it is.</summary>
    /// <param name="address">The server's address.</param>
    /// <param name="writer">A name that no other process has, so that two may write the address at the same time.</param>
    private void Prepare(string address, string writer)
    {
        PrivateFiles.CreateFolder(Folder);
        string file = Path.Combine(Folder, AddressFile);
        if (!File.Exists(file))
        {
            string own = Path.Combine(Folder, $"{AddressFile}.{writer}");
            PrivateFiles.Write(own, Encoding.UTF8.GetBytes(address + "\n"));
            PrivateFiles.Move(own, file);
        }
    }

    private static List<string> NamesIn(string folder) =>
        [.. In(folder, Directory.EnumerateFiles).Select(path => Path.GetFileName(path)).Where(name => SpoolName.TimeOf(name) is not null).Order(StringComparer.Ordinal)];

    /// <summary>What is in a folder: nothing if it is not there. One that may not be looked at is no empty one, and throws.</summary>
    private static string[] In(string folder, Func<string, IEnumerable<string>> list)
    {
        try
        {
            return [.. list(folder)];
        }
        catch (DirectoryNotFoundException) when (!File.Exists(folder))
        {
            return [];
        }
    }

    private string ReasonOf(string name)
    {
        string reason = Path.Combine(Folder, RefusedFolder, Path.ChangeExtension(name, ".txt"));
        return File.Exists(reason) ? File.ReadAllText(reason).Trim() : "";
    }
}

/// <summary>How many reports a store holds.</summary>
/// <param name="Store">The store.</param>
/// <param name="Address">Its server's address.</param>
/// <param name="Waiting">How many wait to be sent.</param>
/// <param name="Refused">How many the server refused.</param>
internal sealed record SpoolSummary(ReportStore Store, string Address, int Waiting, int Refused)
{
    public int Count => Waiting + Refused;

    /// <summary>What to tell somebody who has reports waiting for a server that they no longer report to.</summary>
    /// <param name="server">The address of the server that they report to.</param>
    public string Advice(string server) =>
        $"{Text}. Send them with \"nyala spool send --server {Address}\", or move them here by adding --to {server}.";

    /// <summary>For people: "3 reports wait for http://…" and how many were refused.</summary>
    public string Text => Refused == 0 ? $"{Reports(Waiting)} waiting for {Address}"
        : Waiting == 0 ? $"{Reports(Refused)} refused by {Address}"
        : $"{Reports(Waiting)} waiting for {Address} and {Refused} refused by it";

    private static string Reports(int count) => count == 1 ? "1 report" : $"{count} reports";
}
