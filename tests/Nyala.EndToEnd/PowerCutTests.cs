using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Nyala.Client;
using Nyala.EndToEnd.Support;

namespace Nyala.EndToEnd;

/// <summary>
/// A power cut at any moment loses everything that was not synced, but nothing that was confirmed. The files of each moment are checked. On
/// those of four moments, or of as many as <c>NYALA_POWER_CUTS</c> says, a server is started.
/// </summary>
public sealed class PowerCutTests : IDisposable
{
    private static readonly int Starts = int.TryParse(Environment.GetEnvironmentVariable("NYALA_POWER_CUTS"), CultureInfo.InvariantCulture, out int cuts) ? cuts : 4;

    private readonly Machine _machine = new();
    private readonly DirectoryInfo _cuts = Directory.CreateTempSubdirectory("nyala-cuts-");
    private readonly PowerCut _power;
    private readonly Promises _promises;

    public PowerCutTests()
    {
        _power = new PowerCut(_machine.Root);
        _promises = new Promises(_power);
    }

    public void Dispose()
    {
        _machine.Dispose();
        _power.Dispose();
        _cuts.Delete(recursive: true);
    }

    [Fact]
    public async Task A_simulated_power_cut_loses_only_what_was_not_synced()
    {
        _machine.Wrapper = [.. _power.Command, "sh", "-c"];
        NyalaProcess shell = _machine.StartProgram(
            "cd work; echo kept >kept; sync kept; sync .; echo lost >lost; echo old >file; sync file; sync .; echo new >new; sync new; mv new file; echo named >named; mkdir folder; echo in >folder/in; sync folder/in; sync .; echo last >kept");
        Assert.Equal(0, (await shell.EndAsync()).ExitCode);

        Assert.Equal("file=old kept=kept lost=", Restored(4));
        Assert.Equal("file=old kept=kept lost=", Restored(6));
        Assert.Equal("file=new folder= kept=kept lost= named=", Restored(7));
        Assert.Equal("file=new folder=in kept=kept lost= named=", Restored(6, namesKept: true));

        string Restored(int syncs, bool namesKept = false)
        {
            string folder = Path.Combine(_cuts.FullName, $"{syncs}-{namesKept}");
            _power.Restore(syncs, folder, namesKept);
            return string.Join(' ', new DirectoryInfo(Path.Combine(folder, "work")).EnumerateFileSystemInfos().OrderBy(item => item.Name, StringComparer.Ordinal).Select(item =>
                $"{item.Name}={(item is FileInfo ? File.ReadAllText(item.FullName).Trim() : string.Join(',', Directory.EnumerateFiles(item.FullName).Select(Path.GetFileName)))}"));
        }
    }

    [Fact]
    public async Task Confirmed_changes_survive_a_power_cut_at_any_moment()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        ServerProcess server = await ServeAsync();
        Hook hook = await SubscribeAsync(server, receiver.Url);
        Token token = await server.Client.CreateTokenAsync(new TokenRequest { Name = "reader", Scopes = ["read"] }, TestContext.Current.CancellationToken);
        _promises.Add("a token", folder => Has(folder, $"SELECT 1 FROM tokens WHERE id = {token.Id}"));
        for (int number = 0; number < 5; number++)
        {
            PublishedEvent published = await server.Client.PublishAsync("Built", Encoding.UTF8.GetBytes($$"""{"number":{{number}}}"""), wait: false, cancellationToken: TestContext.Current.CancellationToken);
            _promises.Add($"event {number}", folder => Has(folder, $"SELECT 1 FROM events WHERE id = {published.Id}"));
        }

        await server.PowerOffAsync();

        AssertKept();
        await AssertStartsAsync(async started =>
        {
            Assert.Equal(receiver.Url, (await started.Client.GetHookAsync(hook.Id, TestContext.Current.CancellationToken)).Url);
            using var reader = new NyalaClient(started.Address, token.Value);
            await reader.ListHooksAsync(cancellationToken: TestContext.Current.CancellationToken);
        });
    }

    [Fact]
    public async Task Pushes_and_deployments_survive_a_power_cut_at_any_moment()
    {
        using Developer developer = await Developer.StartAsync();
        ServerProcess server = await ServeAsync();
        Shop shop = await Shop.OpenAsync(_machine, server);
        var commits = new List<(string Id, string Content)>();
        for (int round = 0; round < 3; round++)
        {
            string commit = await developer.CommitAsync($"Round {round}");
            commits.Add((commit, $"Round {round}"));
            await developer.DoneAsync("push", shop.Url, "main");
            int last = round;
            _promises.Add($"the push of round {round}", folder =>
            {
                Assert.Contains(Git(folder, "rev-parse", "refs/heads/main"), commits[last..].Select(item => item.Id));
                Git(folder, "fsck", "--full", "--strict");
                Has(folder, $"SELECT 1 FROM runs WHERE deployment = '{commit}' AND status = 4");
            });
            _promises.Add($"the release of round {round}", folder =>
            {
                string current = Path.Combine(SiteIn(folder), "current");
                string runs = new FileInfo(current).LinkTarget!;
                Assert.Contains(File.ReadAllText(Path.Combine(current, "index.html")), commits[last..].Where(item => runs == $"releases/{item.Id}-1").Select(item => item.Content).Append("Zipped"));
            });
        }

        string side = await developer.CommitAsync("Aside");
        await developer.DoneAsync("push", shop.Url, "main:aside");
        _promises.Add("the push of another branch", folder => Assert.Equal(side, Git(folder, "rev-parse", "refs/heads/aside")));
        await shop.CommandAsync("exit 3");
        commits.Add((side, "Aside"));
        await developer.RunAsync("push", shop.Url, "main");
        _promises.Add("the push whose command failed", folder => Assert.Equal(side, Git(folder, "rev-parse", "refs/heads/main")));
        await shop.CommandAsync("true");
        await using (FileStream zip = File.OpenRead(Zips.Page(_machine, "Zipped")))
        {
            await shop.EndAsync((await shop.Client.DeployZipAsync(zip, cancellationToken: TestContext.Current.CancellationToken)).Id);
        }

        _promises.Add("the zip", folder =>
        {
            Assert.Equal("Zipped", File.ReadAllText(Path.Combine(SiteIn(folder), "current", "index.html")));
            Assert.NotEmpty(Directory.EnumerateFiles(Path.Combine(SiteIn(folder), "packages")));
        });
        await server.PowerOffAsync();

        AssertKept();
        await AssertStartsAsync(async started =>
        {
            IReadOnlyList<Deployment> all = await started.Client.ForSite(Shop.Name).ListDeploymentsAsync(cancellationToken: TestContext.Current.CancellationToken);
            Assert.All(all, deployment => Assert.True(deployment.Complete, deployment.Id));
        });
    }

    [Fact]
    public async Task A_spooled_report_survives_a_power_cut()
    {
        _machine.Wrapper = _power.Command;
        (int exitCode, _, string error) = await _machine.RunAsync("run", "--server", $"http://127.0.0.1:{FreePort.Next()}", "--", "true");
        Assert.True(exitCode == 0, error);
        _promises.Add("the reports", folder => Assert.Equal(SpooledIn(_machine.Root), SpooledIn(folder)));

        Assert.NotEmpty(SpooledIn(_machine.Root));
        AssertKept();
    }

    /// <summary>Starts a server whose syncs are recorded, on a data folder that does not exist yet.</summary>
    private async Task<ServerProcess> ServeAsync()
    {
        _machine.Wrapper = _power.Command;
        ServerProcess server = await _machine.ServeAsync();
        _machine.Wrapper = [];
        _promises.Add("the admin token", folder => Assert.Equal(server.Token, File.ReadAllText(Path.Combine(folder, "data", "admin-token")).Trim()));
        _promises.Add("the database", folder => Assert.Equal("ok", Ask(folder, "PRAGMA integrity_check")));
        _promises.Add("the keys", folder => Assert.All(
            Ask(folder, "SELECT group_concat(key) FROM seals").Split(','), key => Assert.Contains("</key>", File.ReadAllText(Path.Combine(folder, "data", "keys", $"key-{key}.xml")), StringComparison.Ordinal)));
        return server;
    }

    private async Task<Hook> SubscribeAsync(ServerProcess server, string url)
    {
        Hook hook = await server.Client.AddHookAsync(new HookRequest { Url = url, Event = "Built" }, TestContext.Current.CancellationToken);
        _promises.Add("a hook", folder => Has(folder, $"SELECT 1 FROM hooks WHERE id = {hook.Id}"));
        return hook;
    }

    /// <summary>Cuts the power after each sync, with and without unsynced names, and checks the files that are left.</summary>
    private void AssertKept()
    {
        int last = _power.Syncs;
        var broken = new List<string>();
        for (int syncs = _promises.First; syncs <= last; syncs++)
        {
            foreach (bool namesKept in (bool[])[false, true])
            {
                string folder = Path.Combine(_cuts.FullName, $"read-{syncs}-{namesKept}");
                _power.Restore(syncs, folder, namesKept);
                broken.AddRange(_promises.Broken(syncs, folder).Select(what => (namesKept ? "With unsynced names: " : "") + what));
                Directory.Delete(folder, recursive: true);
            }
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{_promises.Count} promises, kept by {2 * (last - _promises.First + 1)} power cuts after {_promises.First} to {last} syncs.");
        Assert.True(broken.Count == 0, string.Join('\n', broken.Take(20)));
        Assert.True(_promises.First < last || _promises.Count == 1, $"Nothing was synced after the first confirmation, at {last} syncs, so there is no moment to cut the power at.");
    }

    /// <summary>Starts a server on the files that some of the power cuts left, including the last one.</summary>
    private async Task AssertStartsAsync(Func<ServerProcess, Task> check)
    {
        int last = _power.Syncs;
        int from = _promises.First;
        int[] moments = [.. Enumerable.Range(1, Starts).Select(part => from + ((last - from) * part / Starts)).Distinct()];
        foreach (int syncs in moments)
        {
            string folder = Path.Combine(_cuts.FullName, $"start-{syncs}");
            _power.Restore(syncs, folder);
            string data = Path.Combine(folder, "data");
            using ServerProcess server = await ServerProcess.GreetedAsync(_machine.Start("serve", "--urls", "http://127.0.0.1:0", "--data", data), data);
            if (syncs == last)
            {
                await check(server);
            }

            server.Terminate();
            Assert.Equal(0, (await server.EndAsync()).ExitCode);
        }
    }

    private static string SiteIn(string folder) => Path.Combine(folder, "data", "sites", Shop.Name);

    private static string[] SpooledIn(string folder) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(folder, "state", "nyala", "spool"), "*", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) != "lock")
            .Select(file => $"{Path.GetRelativePath(folder, file)}: {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))}").Order(StringComparer.Ordinal),
    ];

    private static string Git(string folder, params string[] args)
    {
        var start = new ProcessStartInfo("git", ["-c", "safe.directory=*", "-C", Path.Combine(SiteIn(folder), "repository.git"), .. args]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process git = Process.Start(start)!;
        string output = git.StandardOutput.ReadToEnd().Trim();
        string error = git.StandardError.ReadToEnd();
        git.WaitForExit();
        Assert.True(git.ExitCode == 0, $"git {string.Join(' ', args)}: {error}");
        return output;
    }

    private static void Has(string folder, string sql) => Assert.Equal("1", Ask(folder, sql));

    private static string Ask(string folder, string sql)
    {
        string file = Path.Combine(folder, "data", "nyala.db");
        Assert.True(File.Exists(file), "There is no database.");
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // No statement contains untrusted input.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar()?.ToString() ?? "";
    }
}
