using System.Security.Cryptography;
using Nyala.Server.Access;
using Nyala.Server.Events;
using Nyala.Server.Http;
using Nyala.Server.Storage;

namespace Nyala.Server.Deploying.Zip;

/// <summary>
/// Receives what a request sends, or fetches it, and begins its deployment. The site's pass is not held while the bytes arrive, however slowly: it is taken
/// when they are complete, so that of two uploads the one that is complete first is deployed.
/// </summary>
internal sealed class ZipIntake(SiteFinder sites, SiteGate gate, SiteFolders folders, Deployer deployer, PackageFetcher packages, DeployingOptions options)
{
    public const string Title = "Zip refused";

    private const string TrackingHeader = "SCM-DEPLOYMENT-ID";

    public async Task<IResult> DeployAsync(HttpContext http, ZipOrder asked, CancellationToken cancellationToken)
    {
        string? name = http.GetRequestSite().Site;
        if (await sites.FindAsync(name, cancellationToken) is not { } site)
        {
            return sites.Refuse(name);
        }

        // This check only saves a useless upload. What counts is whether the site is free when the upload is complete.
        if (gate.IsBusy(site.Name))
        {
            return DeploymentResponse.Busy(gate.BusyAt(site.Name));
        }

        string id = RandomNumberGenerator.GetHexString(32, lowercase: true);
        SiteFolders.MakePrivate(folders.Uploads);
        string upload = Path.Combine(folders.Uploads, id);
        RunningDeployment running;
        try
        {
            if (await TakeAsync(http.Request, upload, asked.Part, cancellationToken) is { } refusal)
            {
                return refusal;
            }

            (RunningDeployment? begun, IResult? refused) = await BeginAsync(http, site, id, upload, asked, cancellationToken);
            if (begun is null)
            {
                File.Delete(upload);
                return refused!;
            }

            running = begun;
        }
        catch
        {
            File.Delete(upload);
            throw;
        }

        // The upload is still there if a zip was deployed to a part of the site, or if the deployment was canceled early.
        _ = running.Ended.ContinueWith(_ => File.Delete(upload), TaskScheduler.Default);
        http.Response.Headers[TrackingHeader] = id;
        return await DeploymentResponse.OfAsync(http, running, cancellationToken);
    }

    /// <summary>Receives the body, or fetches what it names; null if the file exists and may be deployed.</summary>
    private async Task<IResult?> TakeAsync(HttpRequest request, string upload, SitePart? part, CancellationToken cancellationToken)
    {
        bool isFile = part?.IsFile == true;
        IResult? refusal = PackageFetcher.IsWanted(request)
            ? await packages.SaveAsync(request, upload, cancellationToken)
            : await ZipUpload.SaveAsync(request, upload, options.Zip, mayBeEmpty: isFile, cancellationToken);
        if (refusal is not null)
        {
            return refusal;
        }

        if (!isFile && Unpacker.Judge(upload, options.Zip) is { } reason)
        {
            File.Delete(upload);
            return Refusal.BadRequest(Title, reason);
        }

        return null;
    }

    private async Task<(RunningDeployment? Begun, IResult? Refused)> BeginAsync(
        HttpContext http, SiteRecord site, string id, string upload, ZipOrder asked, CancellationToken cancellationToken)
    {
        if (await gate.EnterAsync(site.Name, cancellationToken) is not { } pass)
        {
            return (null, DeploymentResponse.Busy(gate.BusyAt(site.Name)));
        }

        try
        {
            // The site may have been removed, and even created again, during the upload.
            if (await sites.FindAsync(site.Name, cancellationToken) is not { } still)
            {
                pass.Dispose();
                return (null, sites.Refuse(site.Name));
            }

            SiteFolder folder = folders.Of(still.Name);
            ISource source = asked.Part is { } part ? new PartSource(upload, part, folder, options.Zip) : new ZipSource(upload, folder.Package(id), options.Zip);
            return (await deployer.BeginAsync(Order(http, still, id, asked, source), pass), null);
        }
        catch
        {
            pass.Dispose();
            throw;
        }
    }

    private static DeployOrder Order(HttpContext http, SiteRecord site, string id, ZipOrder asked, ISource source) => new()
    {
        Site = site.Name,
        Deployment = id,
        Author = asked.Author,
        AuthorEmail = asked.AuthorEmail,
        Deployer = asked.Deployer,
        Message = asked.Message,
        Source = source,
        Actor = Caller.ActorOf(http),
        Trace = TraceParent.Of(http.Request),
    };
}
