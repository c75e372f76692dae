using Microsoft.OpenApi;
using Nyala.Client.Json;
using Nyala.Server.Access;
using Nyala.Server.Http;
using Scalar.AspNetCore;

namespace Nyala.Server.OpenApi;

/// <summary>Adds the API's description at <c>/openapi/v1.json</c>, and a page to read and try it at <c>/docs</c>.</summary>
internal static class OpenApiSetup
{
    // Browsers block the requests of a page that was opened as http://x:TOKEN@host/docs. They remember the token, so the script removes it from the URL.
    private const string WithoutUserInfo =
        "<script>if (new URL(document.baseURI).username || new URL(document.baseURI).password) "
        + "location.replace(location.origin + location.pathname + location.search + location.hash);</script>";

    private const string Introduction = """
        Nyala sends webhooks when deployments start, succeed or fail. This is Kudu's web hooks and deployments API, with additions.

        ## Authentication

        Every request except those of Health needs a token: as `Authorization: Bearer TOKEN`, or as the password of Basic authentication with any user name. The first start of a server
        writes an admin token to the file `admin-token` in its data folder. Each operation names the scope that it needs.

        ## Sites

        Each operation under `/api` is also available for one site under `/sites/{site}/api`, except Tokens, Audit, Health and `/api/sites`. At `/api`, a hook receives the events of every site, lists show every site, and a
        deployment belongs to the default site. At `/sites/shop/api`, hooks, lists and deployments are those of the site `shop`. Kudu's clients may also leave out `/api`.

        ## Lists

        If a list has more entries than fit on a page, the response has a `Link` header; follow its URL with `rel="next"`. `limit` is the number of entries on a page.

        ## Errors

        A refused request changes nothing. The response is `application/problem+json` (RFC 9457): `title` and `detail` say what was refused, why, and what to do; `errors` names each wrong field. Some deployment
        operations return `{"Message": "…"}` instead, because Kudu's clients read that.
        """;

    /// <summary>The groups of operations, in the order in which the page shows them.</summary>
    private static readonly (string Name, string Description)[] Tags =
    [
        ("Hooks", "Subscribe callback URLs, and manage them."),
        ("Channels", "The server's accounts for mail, calls, text messages and X, and test messages."),
        ("Events", "Publish events of your own, and find events."),
        ("Deliveries", "Find what was sent to each receiver and how it responded, and resend deliveries."),
        ("Deployments", "Report deployments from anywhere, or let the server deploy."),
        ("Sites", "Create and configure sites."),
        ("Tokens", "Create and revoke access tokens."),
        ("Audit", "Who changed what."),
        ("Health", "Whether the server is alive and ready. No token needed."),
    ];

    public static IServiceCollection AddApiDescription(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, NyalaJson.Wire));
        return services.AddOpenApi("v1", options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.AddOperationTransformer((operation, context, _) =>
            {
                // The group's filter reads the site from the route, so no handler declares this parameter.
                if (context.Description.RelativePath?.Contains($"{{{RequestSite.RouteValue}}}", StringComparison.Ordinal) == true)
                {
                    operation.Parameters ??= [];
                    operation.Parameters.Insert(0, new OpenApiParameter
                    {
                        Name = RequestSite.RouteValue,
                        In = ParameterLocation.Path,
                        Required = true,
                        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                    });
                }

                return Task.CompletedTask;
            });
            options.AddSchemaTransformer<FilterSchema>();
            options.AddOperationTransformer<OpenApiAccess>();
            options.AddOperationTransformer<Examples>();
            options.AddDocumentTransformer((document, _, _) =>
            {
                document.Info = new OpenApiInfo
                {
                    Title = "Nyala",
                    Version = "v1",
                    Description = Introduction,
                };
                document.Tags = Tags.Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Description }).ToHashSet();
                document.Components ??= new OpenApiComponents();
                document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
                {
                    ["basic"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "basic", Description = "Any user name, the token as password." },
                    ["bearer"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" },
                };
                document.Security =
                [
                    new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("basic", document)] = [] },
                    new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", document)] = [] },
                ];
                return Task.CompletedTask;
            });
        });
    }

    public static void MapApiDescription(this IEndpointRouteBuilder app)
    {
        app.MapOpenApi().NeedsAnyToken();
        app.MapConnector();

        // The page must not contact other hosts: no fonts, no telemetry, no third-party assistant.
        app.MapScalarApiReference("/docs", options => options
            .WithTitle("Nyala")
            .DisableDefaultFonts()
            .DisableTelemetry()
            .DisableAgent()
            .DisableMcp()
            .HideDeveloperTools()
            .AddHeadContent(WithoutUserInfo)).NeedsAnyToken();
    }
}
