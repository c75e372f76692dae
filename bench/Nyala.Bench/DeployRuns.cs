using System.Diagnostics;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;

namespace Nyala.Bench;

/// <summary>
/// Measures deployments with the real git and a server in a separate process: the time from a push to the webhook, compared with a push to the same repository
/// without a server, and the memory that a large zip takes.
/// </summary>
internal sealed class DeployRuns(string folder, BenchOptions options, CancellationToken cancellationToken)
{
    private const string Token = "nyala_token-of-the-bench";
    private const string Branch = "main";
    private const int WarmUp = 3;
    private const int FileSize = 1024 * 1024;

    /// <summary>
    /// Measures pushes, each in milliseconds: until the webhook is received, until <c>git push</c> ends, for a branch that is not deployed, with git's own
    /// server, and without a server.
    /// </summary>
    public async Task<PushFigures> PushAsync()
    {
        string data = Path.Combine(folder, "push");
        using var server = ColdProcess.Start(data, Token);
        Uri address = await server.ReadyAsync(cancellationToken);
        TaskCompletionSource<long>? called = null;
        using var receiver = new Receiver(() => called?.TrySetResult(Stopwatch.GetTimestamp()));
        await SubscribeAsync(address, receiver.Address);

        string work = Path.Combine(folder, "push-work");
        Directory.CreateDirectory(work);
        await GitAsync(work, "init", "-q", "-b", Branch);
        for (int i = 0; i < 20; i++)
        {
            await File.WriteAllTextAsync(Path.Combine(work, $"file-{i}.txt"), new string('x', 1000 * i), cancellationToken);
        }

        string url = new UriBuilder(address) { UserName = "bench", Password = Token, Path = "default.git" }.Uri.AbsoluteUri;
        string bare = Path.Combine(data, "sites", "default", "repository.git");
        await using GitHttpBackend backend = await GitHttpBackend.StartAsync(Path.GetDirectoryName(bare)!);
        var figures = new PushFigures([], [], [], [], []);
        for (int i = -WarmUp; i < options.Pushes; i++)
        {
            await File.WriteAllTextAsync(Path.Combine(work, "index.html"), $"{i}", cancellationToken);
            await GitAsync(work, "add", ".");
            await GitAsync(work, "-c", "user.name=Bench", "-c", "user.email=bench@example.com", "commit", "-q", "-m", $"Number {i}");
            called = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            long start = Stopwatch.GetTimestamp();
            await GitAsync(work, "push", "-q", url, Branch);
            double whole = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            double heard = Stopwatch.GetElapsedTime(start, await called.Task.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, cancellationToken)).TotalMilliseconds;

            // The repository has these objects by now, so each of the other pushes gets a new commit.
            double stored = await AnotherAsync(work, url, i);
            double served = await AnotherAsync(work, backend.Url, i);
            double alone = await AnotherAsync(work, bare, i);
            if (i >= 0)
            {
                figures.Heard.Add(heard);
                figures.Whole.Add(whole);
                figures.Stored.Add(stored);
                figures.Backend.Add(served);
                figures.Bare.Add(alone);
            }
        }

        return figures;
    }

    /// <summary>Deploys a zip of incompressible files.</summary>
    public async Task<ZipFigures> ZipAsync()
    {
        string path = Path.Combine(folder, "large.zip");
        await WriteZipAsync(path);
        using var server = ColdProcess.Start(Path.Combine(folder, "zip"), Token);
        Uri address = await server.ReadyAsync(cancellationToken);
        using HttpClient http = Connect(address);
        long before = server.Memory(most: true);
        long start = Stopwatch.GetTimestamp();
        await using var zip = new FileStream(path, FileMode.Open);
        using var body = new StreamContent(zip);
        using HttpResponseMessage response = await http.PostAsync("api/zipdeploy", body, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw new BenchException($"The zip was answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
        }

        return new ZipFigures(zip.Length, before, server.Memory(most: true), server.FilePages(), Stopwatch.GetElapsedTime(start));
    }

    private async Task<double> AnotherAsync(string work, string remote, int number)
    {
        await GitAsync(work, "-c", "user.name=Bench", "-c", "user.email=bench@example.com", "commit", "-q", "--allow-empty", "-m", $"Another {number}");
        long start = Stopwatch.GetTimestamp();
        await GitAsync(work, "push", "-q", remote, $"{Branch}:other");
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private async Task GitAsync(string work, params string[] arguments)
    {
        using Process git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = work, RedirectStandardError = true, RedirectStandardOutput = true })!;
        Task<string> error = git.StandardError.ReadToEndAsync(cancellationToken);
        await git.StandardOutput.ReadToEndAsync(cancellationToken);
        await git.WaitForExitAsync(cancellationToken);
        if (git.ExitCode != 0)
        {
            throw new BenchException($"git {arguments[0]} failed: {await error}");
        }
    }

    private async Task SubscribeAsync(Uri address, Uri receiver)
    {
        using HttpClient http = Connect(address);
        using HttpResponseMessage response = await http.PostAsJsonAsync("api/hooks", new { url = receiver, @event = "PostDeployment" }, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private async Task WriteZipAsync(string path)
    {
        byte[] content = new byte[FileSize];
        await using ZipArchive zip = await ZipArchive.CreateAsync(new FileStream(path, FileMode.CreateNew), ZipArchiveMode.Create, leaveOpen: false, null, cancellationToken);
        for (int i = 0; i < options.ZipMegabytes; i++)
        {
            RandomNumberGenerator.Fill(content);
            await using Stream entry = await zip.CreateEntry($"folder-{i % 10}/file-{i}", CompressionLevel.Fastest).OpenAsync(cancellationToken);
            await entry.WriteAsync(content, cancellationToken);
        }
    }

    private static HttpClient Connect(Uri address) => new()
    {
        BaseAddress = address,
        Timeout = TimeSpan.FromMinutes(5),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", Token) },
    };
}

/// <summary>The durations of pushes in milliseconds, see <see cref="DeployRuns.PushAsync"/>.</summary>
internal sealed record PushFigures(List<double> Heard, List<double> Whole, List<double> Stored, List<double> Backend, List<double> Bare);

/// <summary>The size of a zip, the peak memory of the server before and after it, and the file pages at its end, all in bytes; and the elapsed time.</summary>
internal sealed record ZipFigures(long Size, long Before, long Most, long FilePages, TimeSpan Took);
