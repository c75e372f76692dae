using System.Security.Cryptography;
using System.Text;
using Nyala.Cli.Connection;

namespace Nyala.Cli.Spool;

/// <summary>
/// The reports for one server that it has not accepted yet: a folder with one file per report. Any number of processes can add reports at the same time. Only
/// the process that holds the lock sends them.
/// </summary>
internal sealed class ReportStore
{
    public const string RefusedFolder = "refused";

    private const string AddressFile = "address";
    private const string LockFile = "lock";

    private ReportStore(string folder) => Folder = folder;

    public string Folder { get; }

    /// <summary>Returns the folder that contains one store for each server.</summary>
    public static string RootIn(string stateFolder) => Path.Combine(stateFolder, "spool");

    public static ReportStore Of(string stateFolder, ServerTarget server) => new(Path.Combine(RootIn(stateFolder), KeyOf(server.Address)));

    /// <summary>Returns every store on this machine, with its server's address.</summary>
    public static IEnumerable<(ReportStore Store, string Address)> All(string stateFolder)
    {
        foreach (string folder in In(RootIn(stateFolder), Directory.EnumerateDirectories).Order(StringComparer.Ordinal))
        {
            string address = Path.Combine(folder, AddressFile);
            yield return (new ReportStore(folder), File.Exists(address) ? File.ReadAllText(address).Trim() : Path.GetFileName(folder));
        }
    }

    /// <summary>Returns every store on this machine that contains waiting or refused reports.</summary>
    public static IReadOnlyList<SpoolSummary> Summaries(string stateFolder) =>
    [
        .. All(stateFolder).Select(one => new SpoolSummary(one.Store, one.Address, one.Store.Names().Count, one.Store.Refused().Count)).Where(sum => sum.Count > 0),
    ];

    /// <summary>Returns the stores with reports that wait for servers other than this one.</summary>
    public static IEnumerable<SpoolSummary> ForOtherServers(string stateFolder, ServerTarget server) =>
        Summaries(stateFolder).Where(sum => sum.Waiting > 0 && sum.Address != server.Name);

    /// <summary>Returns the name of a server's folder. It is readable, and unique because it contains a digest of the whole address.</summary>
    internal static string KeyOf(Uri address)
    {
        string name = ServerAddress.Canonical(address);
        string digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..12];
        string readable = new([.. address.Authority.Take(60).Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '_')]);
        return $"{readable}-{digest}";
    }

    /// <summary>Writes a report to disk. After this returns, the report survives the death of the process and a power cut.</summary>
    public void Add(string name, SpooledReport report, string address)
    {
        Prepare(address, SpoolName.RunOf(name));
        PrivateFiles.Write(Path.Combine(Folder, name), report.ToBytes());
    }

    /// <summary>
    /// Moves all reports to another server's store, including refused ones, which that server may accept. The caller holds this store's lock.
    /// </summary>
    /// <returns>The number of reports that were moved.</returns>
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

    /// <summary>Removes all reports, including refused ones. The caller holds the lock.</summary>
    /// <returns>The number of reports that were removed.</returns>
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

    /// <summary>Returns the names of the waiting reports, oldest first.</summary>
    public IReadOnlyList<string> Names() => NamesIn(Folder);

    /// <summary>Returns the reports that the server refused permanently, with its reasons.</summary>
    public IReadOnlyList<(string Name, string Reason)> Refused() =>
    [
        .. NamesIn(Path.Combine(Folder, RefusedFolder)).Select(name => (name, ReasonOf(name))),
    ];

    public SpooledReport? Read(string name) => SpooledReport.Read(File.ReadAllBytes(Path.Combine(Folder, name)));

    /// <summary>Reads a report that was set aside.</summary>
    public SpooledReport? ReadRefused(string name) => Read(Path.Combine(RefusedFolder, name));

    public void Remove(string name) => File.Delete(Path.Combine(Folder, name));

    /// <summary>Sets a report aside, so that it does not block the reports after it, and stores the reason beside it.</summary>
    public void Refuse(string name, string reason)
    {
        string refused = Path.Combine(Folder, RefusedFolder);
        PrivateFiles.CreateFolder(refused);
        PrivateFiles.Write(Path.Combine(refused, Path.ChangeExtension(name, ".txt")), Encoding.UTF8.GetBytes(reason + "\n"));
        PrivateFiles.Move(Path.Combine(Folder, name), Path.Combine(refused, name));
    }

    /// <summary>Takes the lock for sending; returns null if another process has it. The operating system releases the lock if its holder dies.</summary>
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

    /// <summary>Removes the reports that were set aside, and their reasons.</summary>
    private void Forget()
    {
        if (Directory.Exists(Path.Combine(Folder, RefusedFolder)))
        {
            Directory.Delete(Path.Combine(Folder, RefusedFolder), recursive: true);
        }
    }

    /// <summary>Creates the folder, and writes the server's address into it.</summary>
    /// <param name="address">The server's address.</param>
    /// <param name="writer">A name that no other process uses, so that two processes can write the address at the same time.</param>
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

    /// <summary>Lists a folder; returns an empty list if it does not exist. Throws if the folder cannot be read, because it may not be empty.</summary>
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

/// <summary>The numbers of reports in a store.</summary>
/// <param name="Store">The store.</param>
/// <param name="Address">The address of its server.</param>
/// <param name="Waiting">The number of reports that wait to be sent.</param>
/// <param name="Refused">The number of reports that the server refused.</param>
internal sealed record SpoolSummary(ReportStore Store, string Address, int Waiting, int Refused)
{
    public int Count => Waiting + Refused;

    /// <summary>Returns advice for a user whose reports wait for a server that they no longer report to.</summary>
    /// <param name="server">The address of the server that they report to now.</param>
    public string Advice(string server) =>
        $"{Text}. Send them with \"nyala spool send --server {Address}\", or move them here by adding --to {server}.";

    /// <summary>The numbers as text, such as <c>3 reports waiting for http://…</c>.</summary>
    public string Text => Refused == 0 ? $"{Reports(Waiting)} waiting for {Address}"
        : Waiting == 0 ? $"{Reports(Refused)} refused by {Address}"
        : $"{Reports(Waiting)} waiting for {Address} and {Refused} refused by it";

    private static string Reports(int count) => count == 1 ? "1 report" : $"{count} reports";
}
