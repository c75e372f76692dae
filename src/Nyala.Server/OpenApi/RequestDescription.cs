using Microsoft.OpenApi;
using Nyala.Server.Http;

namespace Nyala.Server.OpenApi;

/// <summary>Describes a request's body and query without binding the endpoint to them.</summary>
internal static class RequestDescription
{
    private const string Json = "application/json";

    /// <summary>
    /// Says that the body is JSON of this form. The framework's own <c>Accepts</c> would answer 415 to what Kudu takes: a body
    /// with another content type, as <c>curl -d</c> sends it, or with none.
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

    /// <summary>
    /// Says which parameters the query may hold, and what each stands for. The endpoint reads them itself; one that is true or false is refused before if it is
    /// neither, see <see cref="QueryRule"/>.
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

    /// <summary>Says that the query may ask for an answer that does not wait for the end, see <see cref="Api.PrefersAsync"/>.</summary>
    public static RouteHandlerBuilder TakesAsync(this RouteHandlerBuilder endpoint) => endpoint.TakesQuery(
        ("isAsync", JsonSchemaType.Boolean, "Whether to answer with 202 once the deployment has begun. Default: answers when it has ended."),
        ("async", JsonSchemaType.Boolean, "Another name of isAsync, which Kudu's publish uses."));

    /// <summary>Says that the body is a file of this type, and takes one of any.</summary>
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
