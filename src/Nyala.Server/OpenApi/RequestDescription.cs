using Microsoft.OpenApi;
using Nyala.Server.Http;

namespace Nyala.Server.OpenApi;

/// <summary>Describes the body and query of a request without binding parameters of the handler to them.</summary>
internal static class RequestDescription
{
    private const string Json = "application/json";

    /// <summary>
    /// Describes the body as JSON of this type. The framework's <c>Accepts</c> would return 415 for bodies that Kudu accepts: with another content type, as
    /// <c>curl -d</c> sends, or with none.
    /// </summary>
    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder endpoint, bool required = true) =>
        endpoint.ProducesProblem(StatusCodes.Status415UnsupportedMediaType).AddOpenApiOperationTransformer(async (operation, context, cancellationToken) =>
        {
            OpenApiSchema schema = await context.GetOrCreateSchemaAsync(typeof(T), null, cancellationToken);
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = required,
                Content = new Dictionary<string, OpenApiMediaType> { [Json] = new() { Schema = schema, Example = Examples.Of(typeof(T)) } },
            };
        });

    /// <summary>Describes the body as NDJSON, with an object of this type on each line.</summary>
    public static RouteHandlerBuilder TakesLines<T>(this RouteHandlerBuilder endpoint) =>
        endpoint.ProducesProblem(StatusCodes.Status415UnsupportedMediaType).AddOpenApiOperationTransformer(async (operation, context, cancellationToken) =>
        {
            OpenApiSchema schema = await context.GetOrCreateSchemaAsync(typeof(T), null, cancellationToken);
            operation.RequestBody = new OpenApiRequestBody
            {
                Description = "On each line, one such object.",
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType> { ["application/x-ndjson"] = new() { Schema = schema, Example = Examples.Of(typeof(T)) } },
            };
        });

    /// <summary>
    /// Describes the query parameters. The endpoint reads them itself. A boolean parameter that is neither true nor false is refused before the endpoint runs,
    /// see <see cref="QueryRule"/>.
    /// </summary>
    public static RouteHandlerBuilder TakesQuery(this RouteHandlerBuilder endpoint, params (string Name, JsonSchemaType Type, string Description)[] parameters) =>
        endpoint.WithMetadata(Described(parameters)).AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.Parameters ??= [];
            foreach ((string name, JsonSchemaType type, string description) in parameters)
            {
                operation.Parameters.Add(new OpenApiParameter { Name = name, In = ParameterLocation.Query, Description = description, Schema = new OpenApiSchema { Type = type } });
            }

            return Task.CompletedTask;
        });

    private static DescribedQuery Described((string Name, JsonSchemaType Type, string Description)[] parameters) => new(
        [.. parameters.Select(parameter => parameter.Name)],
        [.. parameters.Where(parameter => parameter.Type == JsonSchemaType.Boolean).Select(parameter => parameter.Name)]);

    /// <summary>Describes the parameters that ask for a response before the deployment has ended, see <see cref="Api.PrefersAsync"/>.</summary>
    public static RouteHandlerBuilder TakesAsync(this RouteHandlerBuilder endpoint) => endpoint.TakesQuery(
        ("isAsync", JsonSchemaType.Boolean, "Whether to respond without waiting: with 202 once the deployment has begun, or, for a report, with 200 once it is stored. Default: waits for the end of the deployment, or for the first attempts of the webhooks."),
        ("async", JsonSchemaType.Boolean, "Another name of isAsync, which Kudu's publish uses."));

    /// <summary>Describes the body as a file of this content type. The endpoint also accepts other content types.</summary>
    public static RouteHandlerBuilder TakesFile(this RouteHandlerBuilder endpoint, string type) =>
        endpoint.ProducesProblem(StatusCodes.Status415UnsupportedMediaType).AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType> { [type] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } } },
            };
            return Task.CompletedTask;
        });
}
