using System.Text;
using CsCheck;
using Nyala.Server.Http;

namespace Nyala.Tests.Http;

public sealed class JsonFieldsTests
{
    [Fact]
    public void Field_names_are_case_insensitive_and_the_last_duplicate_wins()
    {
        JsonFields fields = Read("""{"URL":"a","url":"b","Insecure_SSL":true}""");

        Assert.Equal(("b", true), (fields.Text("Url"), fields.Flag("insecure_ssl")));
        Assert.Empty(fields.Errors);
    }

    [Fact]
    public void A_null_field_counts_as_absent()
    {
        JsonFields fields = Read("""{"a":null}""");

        Assert.Equal((false, null, null, null, null), (fields.Has("a"), fields.Text("a"), fields.Flag("a"), fields.Number("a", 0, 9), fields.Time("a")));
        Assert.Empty(fields.Errors);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    [InlineData("\"true\"", true)]
    [InlineData("\"False\"", false)]
    public void A_boolean_may_be_written_as_a_string(string json, bool flag) => Assert.Equal(flag, Read($$"""{"x":{{json}}}""").Flag("x"));

    [Theory]
    [InlineData("3", 3)]
    [InlineData("\"3\"", 3)]
    [InlineData("4", 4)]
    [InlineData("0", 0)]
    public void A_number_may_be_written_as_a_string(string json, int number) => Assert.Equal(number, Read($$"""{"x":{{json}}}""").Number("x", 0, 4));

    [Theory]
    [InlineData("1")]
    [InlineData("\"yes\"")]
    [InlineData("[]")]
    [InlineData("\"\\ud800\"")]
    public void An_invalid_boolean_is_an_error(string json) => Noted(json, fields => fields.Flag("x"), "'x' must be true or false.");

    [Theory]
    [InlineData("5")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("1e99")]
    [InlineData("99999999999")]
    [InlineData("\"\"")]
    [InlineData("\"three\"")]
    [InlineData("true")]
    [InlineData("\"\\udc00\"")]
    public void An_invalid_or_out_of_range_number_is_an_error(string json) =>
        Noted(json, fields => fields.Number("x", 0, 4), "'x' must be a whole number from 0 to 4.");

    [Theory]
    [InlineData("1")]
    [InlineData("{}")]
    [InlineData("[\"a\"]")]
    [InlineData("\"\\ud800\"")]
    public void An_invalid_string_is_an_error(string json) => Noted(json, fields => fields.Text("x"), "'x' must be a string.");

    [Fact]
    public void A_string_that_is_too_long_is_an_error() =>
        Noted("\"abcd\"", fields => fields.Text("x", 3), "'x' has 4 characters; the maximum is 3.");

    [Theory]
    [InlineData("1")]
    [InlineData("\"noon\"")]
    [InlineData("\"\\ud800\"")]
    public void An_invalid_time_is_an_error(string json) =>
        Noted(json, fields => fields.Time("x"), "'x' must be an ISO 8601 time, for example 2026-02-27T17:45:06Z.");

    [Theory]
    [InlineData("", "empty")]
    [InlineData("{", "not JSON")]
    [InlineData("{}{}", "not JSON")]
    [InlineData("{\"a\":1,}", "not JSON")]
    [InlineData("[]", "a JSON array")]
    [InlineData("\"x\"", "a JSON string")]
    [InlineData("null", "a JSON null")]
    public void A_body_that_is_not_an_object_is_rejected_with_the_reason(string body, string reason)
    {
        Assert.False(RequestBody.TryReadObject(Encoding.UTF8.GetBytes(body), out _, out string said));
        Assert.Contains(reason, said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_byte_order_mark_is_skipped() =>
        Assert.True(RequestBody.TryReadObject([0xEF, 0xBB, 0xBF, (byte)'{', (byte)'}'], out _, out _));

    [Fact]
    public void Deeply_nested_JSON_is_rejected() =>
        Assert.False(RequestBody.IsJson(Encoding.UTF8.GetBytes(new string('[', 100_000) + new string(']', 100_000)), out _));

    [Fact]
    public void Reading_a_body_never_throws() =>
        Gen.Char["{}[]\":,01etrufalsn\\d8 "].Array[0, 30].Select(chars => Encoding.UTF8.GetBytes(chars)).Sample(
            body => Assert.Equal(RequestBody.TryReadObject(body, out _, out string reason), reason.Length == 0), iter: 5000);

    private static void Noted<T>(string json, Func<JsonFields, T> read, string text)
    {
        JsonFields fields = Read($$"""{"x":{{json}}}""");

        Assert.Null(read(fields));
        Assert.Equal([new FieldError("x", text)], fields.Errors);
    }

    private static JsonFields Read(string json) =>
        RequestBody.TryReadObject(Encoding.UTF8.GetBytes(json), out JsonFields fields, out string reason) ? fields : throw new ArgumentException(reason);
}
