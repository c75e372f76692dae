using Nyala.Client;
using Nyala.Client.Json;
using Nyala.Server.Access;
using Nyala.Server.Http;
using Nyala.Server.OpenApi;

namespace Nyala.Server.Sites;

/// <summary><c>/api/sites</c>: creates, lists, shows, changes and removes sites.</summary>
internal static class SiteEndpoints
{
    private const string Refused = "Invalid site";

    // The site is the route value that access checks use, so a token of one site can access only that site.
    private const string One = $"/sites/{{{RequestSite.RouteValue}}}";

    public static void MapSites(this IEndpointRouteBuilder app) => app.MapAtRoot("Sites", group =>
    {
        group.MapPost("/sites", CreateAsync)
            .NeedsScope(Scopes.Admin)
            .WithSummary("Create a site")
            .WithDescription(
                "A hook or a report that names a site also creates it; creating such a site configures it and returns 201 too. Returns 409 if "
                + "the site was created before; to change it, use PATCH.")
            .Takes<SiteRequest>()
            .Produces<Site>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict);
        group.MapGet("/sites", ListAsync)
            .NeedsAnyToken()
            .WithSummary("List sites by name")
            .WithDescription(
                "A token of one site sees only that site. Only tokens with the scope `deploy` or `admin` see commands. Returns all of them, or a "
                + "page if you set `limit` (1 to 1000). `after` starts the page after the site with this name.")
            .Produces<IReadOnlyList<Site>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapGet(One, GetAsync)
            .NeedsScope(Scopes.Read)
            .WithSummary("Read a site")
            .WithDescription("Only tokens with the scope `deploy` or `admin` see its command.")
            .Produces<Site>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        group.MapPatch(One, ChangeAsync)
            .NeedsScope(Scopes.Admin)
            .WithSummary("Change a site")
            .WithDescription("Fields that you leave out keep their values; null resets a field. Changes apply from the next deployment on. A site's name never changes.")
            .Takes<SiteChange>()
            .Produces<Site>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
        group.MapDelete(One, RemoveAsync)
            .NeedsScope(Scopes.Admin)
            .WithSummary("Remove a site with its repository, releases, settings and tokens")
            .WithDescription(
                "Its deployments and events stay in the history. Returns 409 for the default site, if hooks are subscribed at the site, and while "
                + "a deployment is in progress there.")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
    });

    private static async Task<IResult> CreateAsync(HttpContext http, SiteRegistry sites, NyalaOptions options, CancellationToken cancellationToken)
    {
        byte[] body = await RequestBody.ReadBytesAsync(http.Request, cancellationToken);
        if (!RequestBody.TryReadObject(body, out JsonFields fields, out string reason))
        {
            return Refusal.BadRequest(Refused, reason);
        }

        fields.RefuseOthers(["name", .. SiteForm.Names], "To set the site's environment variables, use POST /sites/{site}/api/settings.");
        string? name = fields.Text("name");
        if (!SiteName.IsValid(name) && fields.Errors.All(error => error.Field != "name"))
        {
            fields.Refuse("name", $"'name' must be a site name: {SiteName.Rule}.");
        }

        SiteForm choices = SiteForm.Read(fields);
        if (fields.Errors.Count > 0)
        {
            return Refusal.BadFields(Refused, fields.Errors);
        }

        (SiteFacts site, bool made) = await sites.CreateAsync(name!, choices, Caller.ActorOf(http));
        if (!made)
        {
            return Refusal.Conflict("This site already exists", $"The site '{site.Site.Name}' was created before. To change it, use PATCH /api/sites/{site.Site.Name}, or `nyala sites set {site.Site.Name}`.");
        }

        Site shown = Show(http, options, site);
        http.Response.Headers.Location = $"{RequestSite.Root(http, options.PublicUrl)}/api/sites/{shown.Name}";
        return TypedResults.Json(shown, NyalaJson.Wire.Site, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> ListAsync(
        HttpContext http, string? limit, string? after, SiteReads sites, NyalaOptions options, CancellationToken cancellationToken)
    {
        if (!Listing.TryRead(limit, after, byId: false, out Listing listing, out string refusal))
        {
            return Refusal.BadRequest("Invalid query", refusal);
        }

        string begin = listing.After ?? "";
        if (Caller.Of(http).Site is { } own)
        {
            SiteFacts? site = await sites.FindAsync(own, cancellationToken);
            bool isBehind = site is not null && StringComparer.OrdinalIgnoreCase.Compare(site.Site.Name, begin) > 0;
            return TypedResults.Json(isBehind ? [Show(http, options, site!)] : [], NyalaJson.Wire.IReadOnlyListSite);
        }

        if (listing.Limit is not { } most)
        {
            return new JsonStream<Site>(sites.AllAsync(begin, cancellationToken).Select(site => Show(http, options, site)), NyalaJson.Wire.Site);
        }

        IReadOnlyList<SiteFacts> found = await sites.ListAsync(begin, most + 1, cancellationToken);
        if (found.Count > most)
        {
            Listing.AddNextLink(http, found[most - 1].Site.Name);
        }

        return TypedResults.Json([.. found.Take(most).Select(site => Show(http, options, site))], NyalaJson.Wire.IReadOnlyListSite);
    }

    private static async Task<IResult> GetAsync(HttpContext http, SiteReads sites, NyalaOptions options, CancellationToken cancellationToken)
    {
        string name = http.GetRequestSite().Site!;
        return await sites.FindAsync(name, cancellationToken) is { } site
            ? TypedResults.Json(Show(http, options, site), NyalaJson.Wire.Site)
            : SiteRefusal.NoSuchSite(name);
    }

    private static async Task<IResult> ChangeAsync(HttpContext http, SiteRegistry sites, NyalaOptions options, CancellationToken cancellationToken)
    {
        const string Title = "Invalid change";
        byte[] body = await RequestBody.ReadBytesAsync(http.Request, cancellationToken);
        if (!RequestBody.TryReadObject(body, out JsonFields fields, out string reason))
        {
            return Refusal.BadRequest(Title, reason);
        }

        fields.RefuseOthers(SiteForm.Names, "A site's name cannot be changed: create another site.");
        SiteForm choices = SiteForm.Read(fields);
        if (fields.Errors.Count > 0)
        {
            return Refusal.BadFields(Title, fields.Errors);
        }

        string name = http.GetRequestSite().Site!;
        return await sites.ChangeAsync(name, choices, Caller.ActorOf(http)) is { } site
            ? TypedResults.Json(Show(http, options, site), NyalaJson.Wire.Site)
            : SiteRefusal.NoSuchSite(name);
    }

    private static async Task<IResult> RemoveAsync(HttpContext http, SiteRegistry sites)
    {
        string name = http.GetRequestSite().Site!;
        try
        {
            return await sites.RemoveAsync(name, Caller.ActorOf(http)) switch
            {
                SiteRemoval.Refused refused => Refusal.Conflict("This site cannot be removed", refused.Reason),
                SiteRemoval.NotFound => SiteRefusal.NoSuchSite(name),
                _ => TypedResults.NoContent(),
            };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return TypedResults.Problem(
                $"The site was removed, but its folder was not: {error.Message} Fix the cause, then remove the site again.",
                title: "The site's folder was not removed",
                statusCode: StatusCodes.Status500InternalServerError);
        }
    }

    private static Site Show(HttpContext http, NyalaOptions options, SiteFacts facts) => new()
    {
        Name = facts.Site.Name,
        Branch = facts.Site.Branch,
        Command = Caller.Of(http).SeesCommands ? facts.Site.Command : null,
        Keep = facts.Site.Keep,
        Host = facts.Site.Host,
        Current = facts.Current,
        GitUrl = $"{RequestSite.Root(http, options.PublicUrl)}/{facts.Site.Name}.git",
        Created = facts.Site.Created,
    };
}
