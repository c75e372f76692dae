using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Nyala.Server.Events;
using Nyala.Server.Http;
using Nyala.Server.Sites;
using Nyala.Server.Storage;

namespace Nyala.Server.Deploying.Push;

/// <summary>Serves the repositories of the sites to git's clients: git itself does the protocol.</summary>
internal sealed partial class GitServer(
    SiteFolders folders, SiteGate gate, PushHooks hooks, PushTalk talk, DeployingOptions options, Shutdown shutdown, IdSource ids, ILogger<GitServer> logger)
{
    public const string ReceivePack = "git-receive-pack";
    public const string UploadPack = "git-upload-pack";

    /// <summary>Where more than this says what a push does, it is taken to push the site's branch.</summary>
    private const int MostCommandBytes = 256 * 1024;

    /// <summary>How long a client may send nothing.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(15);

    /// <summary>Answers which refs there are, and makes the repository where it is not there.</summary>
    public async Task AdvertiseAsync(HttpContext http, SiteRecord site, string service)
    {
        BareRepository repository = await OpenAsync(site, http.RequestAborted);
        ProcessStartInfo start = Start(http, repository, service, flag: "--advertise-refs");
        Answer(http.Response, $"application/x-{service}-advertisement");
        string first = $"# service={service}\n";
        using Process process = Git.Begin(start);
        Log(site, await GitExchange.RunAsync(process, PipeReader.Create(Stream.Null), http.Response, $"{first.Length + 4:x4}{first}0000"));
    }

    /// <summary>Takes a push. It completes once the deployment has ended that it began.</summary>
    public async Task ReceiveAsync(HttpContext http, SiteRecord site)
    {
        LiftLimits(http);
        BareRepository repository = await OpenAsync(site, http.RequestAborted);
        PipeReader body = Body(http.Request);
        await using CancellationTokenRegistration cutOff = shutdown.Stopping.Register(body.CancelPendingRead);
        IReadOnlyList<RefUpdate>? updates = await ReadCommandsAsync(body, http.RequestAborted);
        string? commit = updates?.FirstOrDefault(update => update.Moves(site.Branch))?.New;
        bool deploys = updates is null || commit is not null;
        using SiteGate.Pass? pass = deploys ? gate.TryEnter(site.Name) : null;
        string? refusal = deploys && pass is null ? SiteGate.Busy
            : updates?.Any(update => update.Deletes && update.Ref == BranchName.Heads + site.Branch) == true
                ? $"'{site.Branch}' is the branch that {site.Name} deploys. To remove it choose another one first: nyala sites set {site.Name} --branch NAME"
            : null;

        SiteFolder folder = folders.Of(site.Name);
        long id = ids.Next();
        ProcessStartInfo start = Start(http, repository, ReceivePack, hooks: hooks.For(refusal is not null));

        // Clones without all of their history, as build servers make them, may push; git 2.39 dies of it where such a clone removes refs and
        // does nothing else. That HEAD's branch is not removed is said above in words that fit.
        bool onlyRemoves = updates?.All(update => update.Deletes) == true;
        Git.Configure(
            start,
            new("receive.shallowUpdate", onlyRemoves ? "false" : "true"),
            new("receive.denyDeleteCurrent", "ignore"),
            new("receive.maxInputSize", options.PushSize.ToString(CultureInfo.InvariantCulture)));
        await using var pipes = new PushPipes(pass is null ? folder.StoringPush(id) : folder.Push(id));
        if (pass is not null && commit is not null)
        {
            await File.WriteAllTextAsync(folder.PushedCommit(id), commit, http.RequestAborted);
        }

        start.Environment[PushHooks.PipesVariable] = pipes.Folder;
        if (refusal is not null)
        {
            start.Environment[PushHooks.RefusedVariable] = BranchName.Heads + site.Branch;
            start.Environment[PushHooks.ReasonVariable] = refusal;
        }

        Answer(http.Response, $"application/x-{ReceivePack}-result");
        using var over = new CancellationTokenSource();
        using Process process = Git.Begin(start);
        var order = new PushOrder(site, Basic.UserOf(http.Request) ?? Caller.Of(http).Name, Caller.ActorOf(http), TraceParent.Of(http.Request));
        Task talking = talk.RunAsync(order, repository, pipes, pass, over.Token);
        try
        {
            Log(site, await GitExchange.RunAsync(process, body, http.Response));
        }
        finally
        {
            await over.CancelAsync();
            await talking;
        }
    }

    /// <summary>Serves a fetch or a clone.</summary>
    public async Task UploadAsync(HttpContext http, SiteRecord site)
    {
        LiftLimits(http);
        BareRepository repository = await OpenAsync(site, http.RequestAborted);
        Answer(http.Response, $"application/x-{UploadPack}-result");
        using Process process = Git.Begin(Start(http, repository, UploadPack));
        Log(site, await GitExchange.RunAsync(process, Body(http.Request), http.Response));
    }

    private async Task<BareRepository> OpenAsync(SiteRecord site, CancellationToken cancellationToken)
    {
        var repository = new BareRepository(folders.Of(site.Name).Repository);
        await repository.EnsureAsync(site.Branch, cancellationToken);
        return repository;
    }

    /// <param name="http">The request.</param>
    /// <param name="repository">The repository that it is for.</param>
    /// <param name="service">What git does.</param>
    /// <param name="flag">A flag besides; null for none.</param>
    /// <param name="hooks">The folder of the hooks that run; null where none do.</param>
    private static ProcessStartInfo Start(HttpContext http, BareRepository repository, string service, string? flag = null, string? hooks = null)
    {
        IEnumerable<string> flags = flag is null ? [] : [flag];
        ProcessStartInfo start = Git.Start([service["git-".Length..], "--stateless-rpc", .. flags, repository.Path]);
        Leftovers.Mark(start, repository.Path);
        Git.Configure(start, new("transfer.hideRefs", BareRepository.OwnRefs), new("core.hooksPath", hooks ?? "/dev/null"));
        string protocol = http.Request.Headers["Git-Protocol"].ToString();
        if (Protocol().IsMatch(protocol))
        {
            start.Environment["GIT_PROTOCOL"] = protocol;
        }

        return start;
    }

    /// <summary>What a push is going to do; null where it says more than is looked at. Its bytes stay where they are.</summary>
    /// <exception cref="OperationCanceledException">The server stops.</exception>
    private static async Task<IReadOnlyList<RefUpdate>?> ReadCommandsAsync(PipeReader body, CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult read = await body.ReadAsync(cancellationToken);
            if (read.IsCanceled)
            {
                throw new OperationCanceledException("The server stops.");
            }

            IReadOnlyList<RefUpdate>? updates = PushCommands.Read(read.Buffer, read.IsCompleted);
            bool tooMany = read.Buffer.Length > MostCommandBytes;
            body.AdvanceTo(read.Buffer.Start, updates is null && !tooMany ? read.Buffer.End : read.Buffer.Start);
            if (updates is not null || tooMany)
            {
                return updates;
            }
        }
    }

    private static PipeReader Body(HttpRequest request) => request.Headers.ContentEncoding == "gzip"
        ? PipeReader.Create(new GZipStream(request.Body, CompressionMode.Decompress))
        : request.BodyReader;

    private static void LiftLimits(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        // A client that packs a large repository is silent for minutes in the middle of its request; one that is gone does not keep the site for ever.
        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = new MinDataRate(bytesPerSecond: 1, gracePeriod: Silence);
        }
    }

    private static void Answer(HttpResponse response, string contentType)
    {
        response.ContentType = contentType;
        response.Headers.CacheControl = "no-cache, max-age=0, must-revalidate";
    }

    private void Log(SiteRecord site, string text)
    {
        if (text.Length > 0)
        {
            DeployingLog.GitSaid(logger, site.Name, text);
        }
    }

    // What git's clients send; anything else never reaches a process.
    [GeneratedRegex("^[a-z0-9=:._-]{1,64}$")]
    private static partial Regex Protocol();
}
