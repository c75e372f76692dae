using System.Globalization;
using Nyala.Client;
using Nyala.Client.Json;
using Nyala.Server.Http;
using Nyala.Server.OpenApi;
using Nyala.Server.Storage;

namespace Nyala.Server.Access;

/// <summary><c>/api/tokens</c>: creates, lists and revokes tokens.</summary>
internal static class TokenEndpoints
{
    public static void MapTokens(this IEndpointRouteBuilder app) => app.MapAtRoot("Tokens", group =>
    {
        group.MapPost("/tokens", CreateAsync)
            .NeedsScope(Scopes.Admin)
            .WithSummary("Create a token")
            .WithDescription("The answer shows the token, this once. A token with a `site` works only under `/sites/{site}`.")
            .Takes<TokenRequest>()
            .Produces<Token>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapGet("/tokens", ListAsync)
            .NeedsScope(Scopes.Admin)
            .WithSummary("List tokens and when each was last used")
            .WithDescription("Oldest first. Returns all of them, or a page if you set `limit` (1 to 1000). `after` starts the page after the token with this id.")
            .Produces<IReadOnlyList<Token>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapDelete("/tokens/{id}", RevokeAsync)
            .NeedsScope(Scopes.Admin)
            .WithSummary("Revoke a token; it takes effect immediately")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound);
    });

    private static async Task<IResult> CreateAsync(HttpContext http, TokenCache tokens, IdSource ids, TimeProvider clock, CancellationToken cancellationToken)
    {
        const string Title = "Token not created";
        byte[] body = await RequestBody.ReadBytesAsync(http.Request, cancellationToken);
        if (!RequestBody.TryReadObject(body, out JsonFields fields, out string reason))
        {
            return Refusal.BadRequest(Title, reason);
        }

        DateTimeOffset now = clock.GetUtcNow();
        if (TokenForm.Read(fields, now) is not { } form)
        {
            return Refusal.BadFields(Title, fields.Errors);
        }

        string token = TokenHash.CreateToken();
        var record = new TokenRecord
        {
            Id = ids.Next(),
            Name = form.Name,
            Hash = TokenHash.Of(token).ToArray(),
            Scopes = form.Scopes,
            Site = form.Site,
            Created = now,
            Expires = form.Expires,
        };
        await tokens.AddAsync(record, Caller.ActorOf(http));
        return TypedResults.Json(Show(record) with { Value = token }, NyalaJson.Wire.Token, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> ListAsync(HttpContext http, string? limit, string? after, TokenCache tokens, CancellationToken cancellationToken)
    {
        if (!Listing.TryRead(limit, after, byId: true, out Listing listing, out string refusal))
        {
            return Refusal.BadRequest("Invalid query", refusal);
        }

        if (listing.Limit is not { } most)
        {
            return new JsonStream<Token>(tokens.AllAsync(listing.AfterId, cancellationToken).Select(Show), NyalaJson.Wire.Token);
        }

        Page<TokenRecord> page = await tokens.PageAsync(listing.AfterId, most, cancellationToken);
        return TypedResults.Json([.. Listing.WithNextLink(http, page).Select(Show)], NyalaJson.Wire.IReadOnlyListToken);
    }

    private static async Task<IResult> RevokeAsync(string id, HttpContext http, TokenCache tokens)
    {
        bool revoked = long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            && await tokens.RevokeAsync(number, Caller.ActorOf(http));
        return revoked
            ? TypedResults.NoContent()
            : Refusal.NotFound("Token not found", "There is no token with this id, or it was revoked. To list the tokens, use GET /api/tokens.");
    }

    private static Token Show(TokenRecord token) => new()
    {
        Id = token.Id.ToString(CultureInfo.InvariantCulture),
        Name = token.Name,
        Scopes = ScopeNames.Of(token.Scopes),
        Site = token.Site,
        Created = token.Created,
        Expires = token.Expires,
        LastUsed = token.LastUsed,
    };
}
