using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Nyala.Client;

namespace Nyala.Server.OpenApi;

/// <summary>Describes a hook's filter as an object or a list of objects. In code it is always a list.</summary>
internal sealed class FilterSchema : IOpenApiSchemaTransformer
{
    public async Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonPropertyInfo?.PropertyType != typeof(IReadOnlyList<HookFilter>))
        {
            return;
        }

        // The framework moves this schema to the components if a response has it. For requests, which are described later, the reference is written here.
        IOpenApiSchema one = context.JsonPropertyInfo.DeclaringType == typeof(Hook)
            ? await context.GetOrCreateSchemaAsync(typeof(HookFilter), null, cancellationToken)
            : new OpenApiSchemaReference(nameof(HookFilter), context.Document);
        (schema.Type, schema.Items) = (null, null);
        schema.OneOf =
        [
            new OpenApiSchema { Type = JsonSchemaType.Null },
            one,
            new OpenApiSchema { Type = JsonSchemaType.Array, Items = one, MinItems = 1, MaxItems = HookFilter.MaxOfHook },
        ];
    }
}
