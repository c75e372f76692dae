using System.Text.Json;
using Nyala.Tests.Support;

namespace Nyala.Tests.OpenApi;

/// <summary>The OpenAPI document and the page <c>/docs</c>.</summary>
public sealed class OpenApiTests(SharedServer shared)
{
    [Fact]
    public async Task The_OpenAPI_document_is_the_approved_one()
    {
        Reply reply = await shared.Server.GetAsync("/openapi/v1.json");

        Assert.StartsWith("3.1.", reply["openapi"], StringComparison.Ordinal);
        Approved.Json(reply.Text);
    }

    [Fact]
    public async Task Every_operation_has_a_summary_and_a_response()
    {
        Reply reply = await shared.Server.GetAsync("/openapi/v1.json");

        (string Path, JsonProperty Operation)[] operations =
        [
            .. reply.Json.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => (path.Name, operation)))
        ];
        Assert.True(operations.Length > 20);
        Assert.All(operations, item =>
        {
            Assert.True(item.Operation.Value.TryGetProperty("summary", out JsonElement summary) && summary.GetString()!.Length > 0, item.Path);
            Assert.NotEmpty(item.Operation.Value.GetProperty("responses").EnumerateObject());
        });
    }

    [Fact]
    public async Task Every_operation_except_health_requires_a_token_and_lists_401_and_403()
    {
        Reply reply = await shared.Server.GetAsync("/openapi/v1.json");

        foreach (JsonProperty path in reply.Json.GetProperty("paths").EnumerateObject())
        {
            foreach (JsonProperty operation in path.Value.EnumerateObject())
            {
                bool isOpen = operation.Value.TryGetProperty("security", out JsonElement security) && security.GetArrayLength() == 0;
                JsonElement responses = operation.Value.GetProperty("responses");
                bool refuses = responses.TryGetProperty("401", out _) && responses.TryGetProperty("403", out _);

                bool health = path.Name.StartsWith("/healthz", StringComparison.Ordinal);
                Assert.Equal((path.Name, health, !health), (path.Name, isOpen, refuses));
            }
        }
    }

    [Fact]
    public async Task Every_placeholder_in_a_path_is_declared_as_a_parameter()
    {
        Reply reply = await shared.Server.GetAsync("/openapi/v1.json");

        foreach (JsonProperty path in reply.Json.GetProperty("paths").EnumerateObject())
        {
            IEnumerable<string> parts = path.Name.Split('{').Skip(1).Select(part => part.Split('}')[0]).Order();
            foreach (JsonProperty operation in path.Value.EnumerateObject())
            {
                IEnumerable<string> declared = operation.Value.TryGetProperty("parameters", out JsonElement parameters)
                    ? parameters.EnumerateArray().Where(one => one.GetProperty("in").GetString() == "path").Select(one => one.GetProperty("name").GetString()!)
                    : [];
                Assert.Equal((path.Name, string.Join(',', parts)), (path.Name, string.Join(',', declared.Order())));
            }
        }
    }

    [Fact]
    public async Task The_docs_page_is_HTML_and_loads_nothing_from_other_hosts()
    {
        Reply reply = await shared.Server.GetAsync("/docs/");

        Assert.Equal("text/html", reply.ContentType!.Split(';')[0]);
        Assert.Contains("Nyala", reply.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("src=\"http", reply.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"http", reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_docs_page_drops_a_token_from_its_url_before_it_loads_scripts()
    {
        string page = (await shared.Server.GetAsync("/docs/")).Text;

        int leaves = page.IndexOf("location.replace(location.origin + location.pathname", StringComparison.Ordinal);
        Assert.InRange(leaves, 0, page.IndexOf("scalar.js", StringComparison.Ordinal));
    }
}
