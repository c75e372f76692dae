using System.Text.Json;
using Json.Schema;
using Nyala.Tests.Support;

namespace Nyala.Tests.Outbound.Formats;

/// <summary>The schemas of the CDEvents that the server sends.</summary>
internal static class CdEventsSchemas
{
    private static readonly EvaluationOptions Options = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };
    private static readonly Dictionary<string, JsonSchema> ByType = Read();

    /// <summary>Checks an event against the schema of its type.</summary>
    public static void Check(JsonElement data)
    {
        string type = data.GetProperty("context").GetProperty("type").GetString()!;
        JsonSchema schema = type.StartsWith("dev.cdeventsx.", StringComparison.Ordinal) ? ByType["custom"] : ByType[type.Split('.')[2] + type.Split('.')[3]];

        EvaluationResults results = schema.Evaluate(data, Options);

        Assert.True(results.IsValid, JsonSerializer.Serialize(results) + data.GetRawText());
    }

    private static Dictionary<string, JsonSchema> Read()
    {
        // No event has links, whose schema is in further files.
        Options.SchemaRegistry.Register(new Uri("https://cdevents.dev/0.5.1/schema/links/embeddedlinksarray"), JsonSchema.False);
        return Directory.EnumerateFiles(Repository.File("tests/Nyala.Tests/Outbound/Formats/CdEvents"), "*.json")
            .ToDictionary(file => Path.GetFileNameWithoutExtension(file), file => JsonSchema.FromText(File.ReadAllText(file)));
    }
}
