using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Nyala.Server.Access;

namespace Nyala.Server.OpenApi;

/// <summary>Describes, for each operation, which token it needs and the responses to callers without it. The endpoint's requirement is the source.</summary>
internal sealed class OpenApiAccess : IOpenApiOperationTransformer
{
    private const string Problem = "application/problem+json";

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<ScopeRequirement>().LastOrDefault() is not { } need)
        {
            // An empty list overrides the requirement of the whole document.
            operation.Security = [];
            return Task.CompletedTask;
        }

        if (need.AnyOf != Scopes.None)
        {
            string scopes = $"Needs the scope `{ScopeNames.Spell(need.AnyOf, "` or `")}`.";
            operation.Description = operation.Description is { Length: > 0 } description ? $"{description} {scopes}" : scopes;
        }

        var schema = new OpenApiSchemaReference("ProblemDetails", context.Document);
        operation.Responses ??= [];
        Add(StatusCodes.Status401Unauthorized, "The token is missing or not valid");
        Add(StatusCodes.Status403Forbidden, "The token lacks the scope or is for another site, or the request is cross-origin");
        Add(StatusCodes.Status429TooManyRequests, "Too many wrong tokens from this address; Retry-After says how long");
        return Task.CompletedTask;

        void Add(int status, string description) => operation.Responses.TryAdd(
            status.ToString(null as IFormatProvider),
            new OpenApiResponse { Description = description, Content = new Dictionary<string, OpenApiMediaType> { [Problem] = new() { Schema = schema } } });
    }
}
