using Nyala.Client.Json;
using Nyala.Server.Access;
using Nyala.Server.Http;
using Nyala.Server.OpenApi;

namespace Nyala.Server.Sites;

/// <summary><c>/api/settings</c>: the settings of a site, which its command gets as environment variables. The format is what Kudu's clients expect.</summary>
internal static class SettingEndpoints
{
    private const string Refused = "Invalid settings";

    public static void MapSettings(this IEndpointRouteBuilder app) => app.MapAtEverySite("Sites", group =>
    {
        group.MapGet("/settings", ListAsync)
            .NeedsScope(Scopes.Deploy)
            .WithSummary("Read the settings of a site")
            .WithDescription(
                "At the root, of the default site. Values may be secrets, so reading needs the same scope as changing. `deployment_branch`, "
                + "`SCM_BRANCH` and `branch` are the branch of the site; `COMMAND` is its command.")
            .Produces<IReadOnlyDictionary<string, string>>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("/settings/{key}", GetAsync)
            .NeedsScope(Scopes.Deploy)
            .WithSummary("Read a setting")
            .WithDescription("Names are case-insensitive.")
            .Produces<string>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        group.MapPost("/settings", SetAsync)
            .NeedsScope(Scopes.Deploy)
            .WithSummary("Set settings")
            .WithDescription(
                "`{\"name\": \"value\", …}` sets each field; exactly `{\"key\": …, \"value\": …}` sets one. If any setting is refused, none is set. A "
                + "value is a text of at most 64 KiB, a number, true or false. Changes apply from the next deployment on.")
            .Takes<IReadOnlyDictionary<string, string>>()
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
        group.MapDelete("/settings/{key}", RemoveAsync)
            .NeedsScope(Scopes.Deploy)
            .WithSummary("Remove a setting")
            .WithDescription("Returns 204 also if there is no such setting.")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound);
    });

    private static async Task<IResult> ListAsync(HttpContext http, SiteSettings settings, NyalaOptions options, CancellationToken cancellationToken)
    {
        string site = SiteOf(http, options);
        return await settings.ListAsync(site, cancellationToken) is { } all
            ? TypedResults.Json(all, NyalaJson.Wire.IReadOnlyDictionaryStringString)
            : SiteRefusal.NoSuchSite(site);
    }

    private static async Task<IResult> GetAsync(string key, HttpContext http, SiteSettings settings, NyalaOptions options, CancellationToken cancellationToken)
    {
        string site = SiteOf(http, options);
        return await settings.FindAsync(site, key, cancellationToken) switch
        {
            (false, _) => SiteRefusal.NoSuchSite(site),
            (_, { } value) => TypedResults.Json(value, NyalaJson.Wire.String),
            _ => Refusal.NotFound("Setting not found", $"The site '{site}' has no setting with this name. To list its settings, use GET /sites/{site}/api/settings."),
        };
    }

    private static async Task<IResult> SetAsync(HttpContext http, SiteSettings settings, NyalaOptions options, CancellationToken cancellationToken)
    {
        byte[] body = await RequestBody.ReadBytesAsync(http.Request, cancellationToken);
        if (!RequestBody.TryReadObject(body, out JsonFields fields, out string reason))
        {
            return Refusal.BadRequest(Refused, reason);
        }

        IReadOnlyList<(string Name, string Value)> given = SettingForm.Read(fields);
        if (fields.Errors.Count > 0)
        {
            return Refusal.BadFields(Refused, fields.Errors);
        }

        string site = SiteOf(http, options);
        (SettingOutcome outcome, SettingConflict? conflict) = await settings.SetAsync(site, given, Caller.ActorOf(http));
        return conflict is null
            ? Answer(site, outcome)
            : Refusal.BadRequest(
                Refused, $"'{conflict.Given}' cannot be set: in the environment it becomes {conflict.Variable}, like the setting '{conflict.Other}'. Remove that setting first, or send only one of the two.");
    }

    private static async Task<IResult> RemoveAsync(string key, HttpContext http, SiteSettings settings, NyalaOptions options)
    {
        string site = SiteOf(http, options);
        return Answer(site, await settings.RemoveAsync(site, key, Caller.ActorOf(http)));
    }

    private static string SiteOf(HttpContext http, NyalaOptions options) => http.GetRequestSite().Site ?? options.Sites.Default;

    private static IResult Answer(string site, SettingOutcome outcome) => outcome switch
    {
        SettingOutcome.NoSuchSite => SiteRefusal.NoSuchSite(site),
        SettingOutcome.TooMany => Refusal.BadRequest(Refused, $"The site would have more than {SiteSettings.MaxCount} settings. Remove some first."),
        _ => TypedResults.NoContent(),
    };
}
