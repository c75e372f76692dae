using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Nyala.Server.OpenApi;

/// <summary>
/// Adds an example of each body, by its type. The examples are in <c>examples.json</c>; a test proves that the API reads or writes each of them.
/// </summary>
internal sealed class Examples : IOpenApiOperationTransformer
{
    private const string Json = "application/json";

    /// <summary>The examples, by the name of their type.</summary>
    public static JsonObject All { get; } = Read();

    /// <summary>Returns the example of a type; null if there is none. The example of a list has one entry.</summary>
    public static JsonNode? Of(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? (Of(type.GenericTypeArguments[0]) is { } entry ? new JsonArray(entry) : null)
        : type == typeof(IReadOnlyDictionary<string, string>) ? All["Dictionary"]?.DeepClone()
        : All[type.Name]?.DeepClone();

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (ApiResponseType answer in context.Description.SupportedResponseTypes)
        {
            if (answer.Type is { } type
                && operation.Responses?.TryGetValue(answer.StatusCode.ToString(null as IFormatProvider), out IOpenApiResponse? response) == true
                && response.Content?.TryGetValue(Json, out OpenApiMediaType? content) == true
                && Of(type) is { } example)
            {
                content.Example = example;
            }
        }

        return Task.CompletedTask;
    }

    private static JsonObject Read()
    {
        using Stream stream = typeof(Examples).Assembly.GetManifestResourceStream("Nyala.Server.OpenApi.examples.json")!;
        return JsonNode.Parse(stream)!.AsObject();
    }
}
