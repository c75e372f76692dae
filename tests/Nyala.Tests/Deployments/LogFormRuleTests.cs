using System.Text;
using CsCheck;
using Nyala.Client;
using Nyala.Server.Deployments;

namespace Nyala.Tests.Deployments;

public sealed class LogFormRuleTests
{
    [Theory]
    [InlineData("a\nb", "a|b")]
    [InlineData("a\r\nb\r\n", "a|b")]
    [InlineData("\n", "")]
    [InlineData("[not json", "[not json")]
    [InlineData("{\"message\":\"x\"}", "{\"message\":\"x\"}")]
    [InlineData("grüße", "grüße")]
    public void Plain_text_becomes_one_log_line_for_each_line(string text, string lines) =>
        Assert.Equal(lines, string.Join('|', Read(text, "text/plain")!.Select(line => line.Message)));

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData(null)]
    public void A_JSON_array_is_read_with_any_content_type(string? contentType)
    {
        LogLine line = Assert.Single(Read(""" [{"message":"x","type":2,"log_time":"2026-02-27T17:45:06Z"}]""", contentType)!);

        Assert.Equal(("x", LogEntryType.Error, new DateTimeOffset(2026, 2, 27, 17, 45, 6, TimeSpan.Zero)), (line.Message, line.Type, line.LogTime!.Value));
    }

    [Fact]
    public void An_empty_array_or_an_empty_text_is_valid_and_has_no_lines()
    {
        Assert.Empty(Read("[]", "application/json")!);
        Assert.Empty(Read("", "text/plain")!);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[null]")]
    [InlineData("[1]")]
    [InlineData("[{}]")]
    [InlineData("""[{"message":null}]""")]
    [InlineData("""[{"message":"x","type":7}]""")]
    [InlineData("""[{"message":"x","type":"error"}]""")]
    [InlineData("""[{"message":"x","log_time":"yesterday"}]""")]
    [InlineData("""[{"message":"\ud800"}]""")]
    public void JSON_that_is_not_a_log_is_refused_with_a_reason(string json)
    {
        Assert.Null(LogForm.Read(Encoding.UTF8.GetBytes(json), "application/json", out string reason));
        Assert.NotEmpty(reason);
    }

    [Fact]
    public void Text_that_is_not_UTF8_is_refused()
    {
        Assert.Null(LogForm.Read([0x61, 0xFF], "text/plain", out string reason));
        Assert.Contains("UTF-8", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_returns_lines_or_a_reason_for_any_body() =>
        Gen.Select(Gen.Byte.Array[0, 60], Gen.OneOf(Gen.Const((string?)null), Gen.Const((string?)"text/plain"), Gen.Const((string?)"application/json"))).Sample((body, type) =>
            Assert.Equal(LogForm.Read(body, type, out string reason) is null, reason.Length > 0));

    private static IReadOnlyList<LogLine>? Read(string body, string? contentType) => LogForm.Read(Encoding.UTF8.GetBytes(body), contentType, out _)?.ToList();
}
