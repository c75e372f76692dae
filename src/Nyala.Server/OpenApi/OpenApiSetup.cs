using Microsoft.OpenApi;
using Nyala.Client.Json;
using Nyala.Server.Access;
using Nyala.Server.Http;
using Scalar.AspNetCore;

namespace Nyala.Server.OpenApi;

/// <summary>The API's description at <c>/openapi/v1.json</c>, and pages to read and try it at <c>/docs</c>.</summary>
internal static class OpenApiSetup
{
    // Browsers fetch nothing for a page that was opened as http://x:TOKEN@host/docs. They keep the token, so the page is opened anew without it in the URL.
    private const string WithoutUserInfo =
        "<script>if (new URL(document.baseURI).username || new URL(document.baseURI).password) "
        + "location.replace(location.origin + location.pathname + location.search + location.hash);</script>";

    public static IServiceCollection AddApiDescription(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, NyalaJson.Wire));
        return services.AddOpenApi("v1", options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.AddOperationTransformer((operation, context, _) =>
            {
                // Read from the route by the group's filter, so no handler declares it.
                if (context.Description.RelativePath?.Contains($"{{{SiteScope.RouteValue}}}", StringComparison.Ordinal) == true)
                {
                    operation.Parameters ??= [];
                    operation.Parameters.Insert(0, new OpenApiParameter
                    {
                        Name = SiteScope.RouteValue,
                        In = ParameterLocation.Path,
                        Required = true,
                        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                    });
                }

                return Task.CompletedTask;
            });
            options.AddOperationTransformer<OpenApiAccess>();
            options.AddDocumentTransformer((document, _, _) =>
            {
                document.Info = new OpenApiInfo
                {
                    Title = "Nyala",
                    Version = "v1",
                    Description = "Tells anyone who asks that a deployment has finished. Kudu's web hooks and deployments API, and more.",
                };
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

        // Nothing on the page may call out: no fonts, no telemetry, no assistant of somebody else's.
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
