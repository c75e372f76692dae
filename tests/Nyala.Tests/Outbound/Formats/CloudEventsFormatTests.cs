using System.Text;
using System.Text.Json;
using CsCheck;
using Nyala.Server.Outbound.Formats;

namespace Nyala.Tests.Outbound.Formats;

/// <summary>Both modes of CloudEvents.</summary>
public sealed class CloudEventsFormatTests
{
    private static readonly CloudEventsFormat Format = new();
    private static readonly FormatSettings Binary = new(new Dictionary<string, string> { ["mode"] = "binary" });

    private static EventContent Event(string type, string body) => new(type, Encoding.UTF8.GetBytes(body))
    {
        Id = 912976469544665088,
        Time = new DateTimeOffset(2026, 2, 27, 17, 46, 31, TimeSpan.Zero),
        Site = "shop",
        Origin = "nyala.example.com",
        ApiUrl = "https://nyala.example.com/sites/shop/api",
    };

    [Fact]
    public void The_structured_mode_has_the_attributes_and_the_data_as_it_was_published()
    {
        Rendered rendered = Format.Render(Event("PostDeployment", """{"id":"9828","n":1.50,"a":1,"a":2}"""), FormatSettings.None);

        Assert.Equal(
            """{"specversion":"1.0","id":"912976469544665088","source":"https://nyala.example.com/sites/shop/api","type":"PostDeployment","time":"2026-02-27T17:46:31.0000000Z","subject":"9828","datacontenttype":"application/json","data":{"id":"9828","n":1.50,"a":1,"a":2}}""",
            Encoding.UTF8.GetString(rendered.Body.Span));
        Assert.Equal(["WebHook-Request-Origin: nyala.example.com"], rendered.Form.Headers.Select(header => $"{header.Name}: {header.Value}"));
    }

    [Fact]
    public void The_binary_mode_has_the_attributes_as_headers_and_the_data_as_the_body()
    {
        EventContent @event = Event("PostDeployment", """{"id":"release 7 \"é€😀\" 100%"}""");

        Rendered rendered = Format.Render(@event, Binary);

        Assert.Equal(@event.Body, rendered.Body);
        Assert.Equal("application/json", rendered.ContentType);
        Assert.Equal(
            [
                "ce-specversion: 1.0",
                "ce-id: 912976469544665088",
                "ce-source: https://nyala.example.com/sites/shop/api",
                "ce-type: PostDeployment",
                "ce-time: 2026-02-27T17:46:31.0000000Z",
                "ce-subject: release%207%20%22%C3%A9%E2%82%AC%F0%9F%98%80%22%20100%25",
                "WebHook-Request-Origin: nyala.example.com",
            ],
            rendered.Form.Headers.Select(header => $"{header.Name}: {header.Value}"));
    }

    [Fact]
    public void Any_bytes_are_carried_in_both_modes() => Gen.OneOf(Gen.Byte.Array[0, 100], Gen.String.Select(Encoding.UTF8.GetBytes), Gen.Int.Select(number => Encoding.UTF8.GetBytes($"[{number}]"))).Sample(bytes =>
    {
        EventContent @event = Event("own", "") with { Body = bytes };

        var root = JsonElement.Parse(Format.Render(@event, FormatSettings.None).Body.Span);
        Rendered binary = Format.Render(@event, Binary);

        byte[] carried = root.TryGetProperty("data_base64", out JsonElement base64) ? base64.GetBytesFromBase64()
            : root.TryGetProperty("data", out JsonElement data) ? Encoding.UTF8.GetBytes(data.GetRawText())
            : [];
        Assert.Equal(Encoding.UTF8.GetString(bytes).Trim(), Encoding.UTF8.GetString(carried).Trim());
        Assert.Equal(bytes, binary.Body.ToArray());
        Assert.Equal(root.TryGetProperty("data", out _) ? "application/json" : "application/octet-stream", binary.ContentType);
    });

    [Fact]
    public void The_source_is_the_path_of_the_site_if_the_server_does_not_know_its_public_url_and_other_events_have_no_subject()
    {
        var root = JsonElement.Parse(Format.Render(Event("own", """{"id":"7"}""") with { ApiUrl = null }, FormatSettings.None).Body.Span);

        Assert.Equal("/sites/shop", root.GetProperty("source").GetString());
        Assert.False(root.TryGetProperty("subject", out _));
    }

    [Theory]
    [InlineData("success", "dev.cdevents.service.deployed.0.3.0", "shop")]
    [InlineData("broke", "dev.cdevents.pipelinerun.finished.0.3.0", "982843aff56d37f2bfb9f532a9c0465031f4172d")]
    [InlineData("started", "dev.cdevents.pipelinerun.started.0.3.0", "982843aff56d37f2bfb9f532a9c0465031f4172d")]
    [InlineData("published text", "dev.cdeventsx.nyala-event.published.0.1.0", "912976469544665088")]
    public void A_CDevent_in_the_binary_mode_has_its_context_in_headers_and_itself_as_the_body(string label, string type, string subject)
    {
        Rendered rendered = new CdEventsFormat().Render(
            MessageCases.All[label], new FormatSettings(new Dictionary<string, string> { ["mode"] = "binary", ["environment"] = "staging" }));

        var data = JsonElement.Parse(rendered.Body.Span);
        CdEventsSchemas.Check(data);
        Assert.Equal("application/json", rendered.ContentType);
        Assert.Contains(rendered.Form.Headers, header => header is { Name: "ce-type" } && header.Value == type);
        Assert.Contains(rendered.Form.Headers, header => header is { Name: "ce-subject" } && header.Value == subject);
        Assert.Equal(label == "success", data.GetRawText().Contains("staging", StringComparison.Ordinal));
    }

    [Fact]
    public void The_last_log_lines_are_a_field_of_the_data()
    {
        var root = JsonElement.Parse(Format.Render(Event("PostDeployment", """{"id":"7"}""") with { LogTail = ["one"] }, FormatSettings.None).Body.Span);

        Assert.Equal("""["one"]""", root.GetProperty("data").GetProperty("logTail").GetRawText());
    }
}
