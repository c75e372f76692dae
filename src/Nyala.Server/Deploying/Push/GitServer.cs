using System.Diagnostics;
using System.Globalization;
using System.IO.Pipelines;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Nyala.Server.Access;
using Nyala.Server.Deploying.Git;
using Nyala.Server.Disk;
using Nyala.Server.Events;
using Nyala.Server.Processes;
using Nyala.Server.Storage;

namespace Nyala.Server.Deploying.Push;

/// <summary>Serves the sites' repositories to git clients. git itself speaks its protocol.</summary>
internal sealed partial class GitServer(
    SiteFolders folders, PushHooks hooks, PushSession session, DeployingOptions options, Shutdown shutdown, IdSource ids, ILogger<GitServer> logger)
{
    public const string ReceivePack = "git-receive-pack";
    public const string UploadPack = "git-upload-pack";

    /// <summary>The maximum number of bytes read to parse the ref updates of a push.</summary>
    private const int MaxCommandBytes = 256 * 1024;

    /// <summary>How long a client may send nothing.</summary>
    private static readonly TimeSpan MaxSilence = TimeSpan.FromMinutes(15);

    /// <summary>Makes git advertise only branches and tags, whatever other refs a repository has.</summary>
    private static readonly GitSetting[] AdvertisedRefs = [new("transfer.hideRefs", "refs"), new("transfer.hideRefs", "!refs/heads"), new("transfer.hideRefs", "!refs/tags")];

    /// <summary>Sends the list of refs. Creates the repository if it does not exist.</summary>
    /// <exception cref="IOException">The disk is full, or git cannot read the repository. No response was started.</exception>
    public async Task AdvertiseAsync(HttpContext http, SiteRecord site, string service)
    {
        BareRepository repository = await OpenAsync(site, http.RequestAborted);
        ProcessStartInfo start = Start(http, repository, service, flag: "--advertise-refs");
        GitProcess.Configure(start, AdvertisedRefs);
        Answer(http.Response, $"application/x-{service}-advertisement");
        string first = $"# service={service}\n";
        using Process process = GitProcess.Begin(start);
        GitExchangeResult end = await GitExchange.RunAsync(process, PipeReader.Create(Stream.Null), http.Response, $"{first.Length + 4:x4}{first}0000");
        Log(site, end);
        if (!end.Answered)
        {
            throw DiskFull.Of($"git cannot read the site's repository: {end.Error}");
        }
    }

    /// <summary>Receives a push. The task completes when the deployment that the push began has ended.</summary>
    /// <exception cref="InvalidDataException">The request is not a valid push. Nothing was stored, and no response was started.</exception>
    public async Task ReceiveAsync(HttpContext http, SiteRecord site)
    {
        RelaxLimits(http);
        PipeReader body = GitCoding.Open(http.Request);
        await using CancellationTokenRegistration cutOff = shutdown.Stopping.Register(body.CancelPendingRead);
        PushHeader? opening = await ReadOpeningAsync(body, http.RequestAborted);
        Answer(http.Response, $"application/x-{ReceivePack}-result");
        try
        {
            await ReceiveAsync(http, site, opening, body);
        }
        catch (IOException error) when (!http.Response.HasStarted)
        {
            await PushRefusal.RefuseAsync(body, http.Response, opening, DiskFull.Is(error) ? DiskFull.Refusal : error.Message, http.RequestAborted);
        }
    }

    /// <summary>Serves a fetch or a clone.</summary>
    /// <exception cref="InvalidDataException">The request is not a valid fetch. No response was started.</exception>
    public async Task UploadAsync(HttpContext http, SiteRecord site)
    {
        RelaxLimits(http);
        BareRepository repository = await OpenAsync(site, http.RequestAborted);
        Answer(http.Response, $"application/x-{UploadPack}-result");
        ProcessStartInfo start = Start(http, repository, UploadPack);
        GitProcess.Configure(start, AdvertisedRefs);
        using Process process = GitProcess.Begin(start);
        Judge(site, await GitExchange.RunAsync(process, GitCoding.Open(http.Request), http.Response));
    }

    private async Task ReceiveAsync(HttpContext http, SiteRecord site, PushHeader? opening, PipeReader body)
    {
        BareRepository repository = await OpenAsync(site, http.RequestAborted);
        long id = ids.Next();
        await using var pipes = new PushPipes(folders.Of(site.Name).Push(id), hooks);

        // Shallow clones, as build servers make them, may push, but git 2.39 crashes if such a push only removes refs. The hooks refuse the removal of HEAD's
        // branch, with a clearer message than git's.
        ProcessStartInfo start = Start(http, repository, ReceivePack, hooks: pipes.Folder);
        GitProcess.Configure(
            start,
            new("receive.shallowUpdate", opening?.OnlyRemoves == true ? "false" : "true"),
            new("receive.denyDeleteCurrent", "ignore"),
            new("receive.maxInputSize", options.PushSize.ToString(CultureInfo.InvariantCulture)));
        start.Environment[PushHooks.PipesVariable] = pipes.Folder;
        using var gitExited = new CancellationTokenSource();
        using Process process = GitProcess.Begin(start);
        var order = new PushOrder(id, site, BasicCredentials.UserOf(http.Request) ?? Caller.Of(http).Name, Caller.ActorOf(http), TraceParent.Of(http.Request));
        Task talking = session.RunAsync(order, repository, pipes, gitExited.Token);
        try
        {
            Judge(site, await GitExchange.RunAsync(process, body, http.Response, people: new Sideband(() => !pipes.IsReceived)));
        }
        finally
        {
            await gitExited.CancelAsync();
            await talking;
        }
    }

    /// <summary>Logs git's errors. Throws if git failed without writing a response, because then the request was not valid.</summary>
    /// <exception cref="InvalidDataException">No response was started, because git failed or the body could not be decompressed.</exception>
    private void Judge(SiteRecord site, GitExchangeResult end)
    {
        Log(site, end);
        if (!end.Answered && (end.Damaged || end.ExitCode != 0))
        {
            throw new InvalidDataException(end.Error);
        }
    }

    private async Task<BareRepository> OpenAsync(SiteRecord site, CancellationToken cancellationToken)
    {
        var repository = new BareRepository(folders.Of(site.Name).Repository);
        await repository.EnsureAsync(site.Branch, cancellationToken);
        return repository;
    }

    /// <param name="http">The request.</param>
    /// <param name="repository">The repository to serve.</param>
    /// <param name="service">The git service: <see cref="ReceivePack"/> or <see cref="UploadPack"/>.</param>
    /// <param name="flag">An additional flag; null for none.</param>
    /// <param name="hooks">The folder of the hooks to run; null to run none.</param>
    private static ProcessStartInfo Start(HttpContext http, BareRepository repository, string service, string? flag = null, string? hooks = null)
    {
        IEnumerable<string> flags = flag is null ? [] : [flag];
        ProcessStartInfo start = GitProcess.Start([service["git-".Length..], "--stateless-rpc", .. flags, repository.Path]);
        OrphanProcesses.Mark(start, repository.Path);
        GitProcess.Configure(start, new GitSetting("core.hooksPath", hooks ?? "/dev/null"));
        string protocol = http.Request.Headers["Git-Protocol"].ToString();
        if (Protocol().IsMatch(protocol))
        {
            start.Environment["GIT_PROTOCOL"] = protocol;
        }

        return start;
    }

    /// <summary>Reads the beginning of a push without consuming its bytes; null if the ref updates are longer than <see cref="MaxCommandBytes"/>.</summary>
    /// <exception cref="OperationCanceledException">The server stops.</exception>
    private static async Task<PushHeader?> ReadOpeningAsync(PipeReader body, CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult read = await body.ReadAsync(cancellationToken);
            if (read.IsCanceled)
            {
                throw new OperationCanceledException("The server stops.");
            }

            PushHeader? opening = PushCommands.Read(read.Buffer, read.IsCompleted);
            bool tooMany = read.Buffer.Length > MaxCommandBytes;
            body.AdvanceTo(read.Buffer.Start, opening is null && !tooMany ? read.Buffer.End : read.Buffer.Start);
            if (opening is not null || tooMany)
            {
                return opening;
            }
        }
    }

    private static void RelaxLimits(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        // A client that packs a large repository is silent for minutes in the middle of its request, but a client that is gone must not occupy the server
        // forever.
        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = new MinDataRate(bytesPerSecond: 1, gracePeriod: MaxSilence);
        }
    }

    private static void Answer(HttpResponse response, string contentType)
    {
        response.ContentType = contentType;
        response.Headers.CacheControl = "no-cache, max-age=0, must-revalidate";
    }

    private void Log(SiteRecord site, GitExchangeResult end)
    {
        if (end.Error.Length > 0)
        {
            DeployingLog.GitSaid(logger, site.Name, end.Error);
        }
    }

    // What git clients send. No other value is passed to a process.
    [GeneratedRegex("^[a-z0-9=:._-]{1,64}$")]
    private static partial Regex Protocol();
}
