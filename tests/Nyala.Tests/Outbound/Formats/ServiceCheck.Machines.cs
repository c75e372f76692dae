using System.Text.Json;
using Nyala.Server.Outbound.Formats;

namespace Nyala.Tests.Outbound.Formats;

/// <summary>The services whose data is for programs.</summary>
internal static partial class ServiceCheck
{
    private static readonly string[] Attributes = ["specversion", "id", "source", "type", "time", "subject", "datacontenttype", "data", "data_base64"];

    private static void CheckCloudEvent(JsonElement root, Rendered rendered)
    {
        Assert.Equal("application/cloudevents+json; charset=utf-8", rendered.ContentType);
        Assert.Equal("1.0", root.GetProperty("specversion").GetString());
        Assert.All(root.EnumerateObject(), attribute => Assert.Contains(attribute.Name, Attributes));
        Assert.All((string[])["id", "source", "type"], name => Assert.NotEqual("", root.GetProperty(name).GetString()));
        Assert.True(root.GetProperty("time").TryGetDateTimeOffset(out _));
        Assert.True(Uri.TryCreate(root.GetProperty("source").GetString(), UriKind.RelativeOrAbsolute, out _));
        Assert.True(!root.TryGetProperty("subject", out JsonElement subject) || subject.GetString() != "");
        Assert.False(root.TryGetProperty("data", out _) && root.TryGetProperty("data_base64", out _));
        Assert.Contains(rendered.Form.Headers, header => header.Name == "WebHook-Request-Origin");
    }

    /// <summary>Checks the data of an event against the schema of its type, and that the CloudEvent says the same.</summary>
    private static void CheckCdEvent(string name, JsonElement root)
    {
        if (name == "cdevents")
        {
            JsonElement data = root.GetProperty("data");
            CdEventsSchemas.Check(data);
            JsonElement context = data.GetProperty("context");
            Assert.Equal(
                (root.GetProperty("id").GetString(), root.GetProperty("type").GetString(), root.GetProperty("source").GetString(), root.GetProperty("time").GetString(), root.GetProperty("subject").GetString()),
                (Text("id"), Text("type"), Text("source"), Text("timestamp"), data.GetProperty("subject").GetProperty("id").GetString()));

            string? Text(string field) => context.GetProperty(field).GetString();
        }
    }

    /// <summary>Checks what DevLake's validator and its columns require. A document without commits is refused by the service, and creates nothing.</summary>
    private static void CheckDevLake(JsonElement root)
    {
        Assert.InRange(root.GetProperty("id").GetString()!.Length, 1, 100);
        Assert.Contains(root.GetProperty("result").GetString(), (string?[])["SUCCESS", "FAILURE"]);
        Assert.Contains(root.GetProperty("environment").GetString(), (string?[])["PRODUCTION", "STAGING", "TESTING", "DEVELOPMENT"]);
        Assert.All((string[])["createdDate", "startedDate", "finishedDate"], name => Assert.True(root.GetProperty(name).TryGetDateTimeOffset(out _)));
        if (root.TryGetProperty("deploymentCommits", out JsonElement commits))
        {
            JsonElement commit = commits[0];
            Assert.InRange(commit.GetProperty("commitSha").GetString()!.Length, 1, 100);
            Assert.Equal("https://example.com/shop.git", commit.GetProperty("repoUrl").GetString());
            Assert.All((string[])["startedDate", "finishedDate"], name => Assert.True(commit.GetProperty(name).TryGetDateTimeOffset(out _)));
            Assert.True(!commit.TryGetProperty("refName", out JsonElement reference) || reference.GetString()!.Length <= 255);
        }
    }
}
