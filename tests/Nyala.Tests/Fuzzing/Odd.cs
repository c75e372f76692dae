using System.Text;
using CsCheck;

namespace Nyala.Tests.Fuzzing;

/// <summary>Generators of hostile input: noise, and valid input with defects.</summary>
internal static class Odd
{
    /// <summary>Known fields, each with a valid value.</summary>
    private static readonly (string Name, string Value)[] Good =
    [
        ("url", "\"http://example.com/callback?sig=a%2Bb\""), ("url", "\"https://ann:secret@example.com\""), ("event", "\"PostDeployment\""), ("event", "\"*\""),
        ("insecure_ssl", "true"), ("secret", $"\"whsec_{Convert.ToBase64String(new byte[32])}\""), ("description", "\"Tells the team\""),
        ("filter", """{"status":["failed"],"branch":["main","release/*"]}"""), ("filter", """{"change":["broke"]}"""), ("filter", """[{"change":["broke"]},{"branch":["main"]}]"""),
        ("ordered", "true"), ("rate", "60"), ("rate", "\"60\""),
        ("headers", """{"X-Team":"web","Authorization":"Bearer x"}"""), ("status", "4"), ("status", "\"1\""), ("status_text", "\"exit code 3\""),
        ("message", "\"My fix\""), ("deployer", "\"CI\""), ("author", "\"Ann\""), ("author_email", "\"ann@example.com\""), ("progress", "\"\""), ("branch", "\"main\""),
        ("start_time", "\"2026-02-27T17:45:06Z\""), ("end_time", "\"2026-02-27T17:45:07.1234567Z\""), ("active", "false"), ("details", "\"a line\\nanother\""),
        ("run", "\"run-1\""), ("silent_after", "60"), ("name", "\"CI job\""), ("scopes", "[\"read\",\"deploy\"]"), ("scopes", "\"hooks\""), ("site", "\"shop\""),
        ("expires", "\"2099-01-01T00:00:00Z\""), ("type", "1"), ("log_time", "\"2026-02-27T17:45:06Z\""), ("ca", "null"), ("client_certificate", "null"),
    ];

    /// <summary>Values that are known to break parsers.</summary>
    private static readonly string[] Bad =
    [
        "null", "\"\"", "\" \"", "true", "[]", "{}", "[[]]", "[null]", "{\"\":null}", "0", "-0", "-1", "1.5", "1e308", "1e999", "-1e-999", "9223372036854775808",
        "99999999999999999999999999999999999999999999999999", "0.000000000000000000000000000000000000000001", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\u0000\"",
        "{\"\\ud800\":1}", "{\"\\udfff\":\"x\",\"\\udfff\":\"y\"}", "[\"\\ud800\"]", "\"\u202e\ufeff\"", "\"\\/\\b\\f\"", "\"http://\"", "\"http://[\"", "\"http://a@b@c/\"",
        "\"http://\u0130.example/\"", "\"http://xn--/\"", "\"http://example.com:65536/\"", "\"http://169.254.169.254/\"", "\"9999-12-31T23:59:59.9999999+14:00\"",
        "\"0001-01-01T00:00:00-14:00\"", "\"2026-02-30T00:00:00Z\"", "\"***\"", "\"-----BEGIN CERTIFICATE-----\\nAAAA\\n-----END CERTIFICATE-----\"",
        "\"-----BEGIN PRIVATE KEY-----\\n\\n-----END PRIVATE KEY-----\"", "{\"status\":[\"\\ud800\"]}", "{\"change\":[\"broke\"],\"change\":[]}", "{\"X-A\":\"\\ud800\"}",
        "{\"X-A\":\"1\",\"x-a\":\"2\"}", "{\"Host\":\"x\"}", "[\"admin\",\"\\u0000\"]", new string('[', 70) + new string(']', 70), "\"" + new string('x', 5000) + "\"",
    ];

    private static readonly string[] Names =
        [.. Good.Select(field => field.Name).Distinct(), "URL", "Event", "", "\\ud800", "\\u0075rl", "\\u0000", "other", new string('y', 300)];

    public static Gen<byte[]> Bytes { get; } = Gen.Byte.Array[0, 200];

    /// <summary>Random texts of the characters that JSON consists of.</summary>
    public static Gen<string> Punctuation { get; } = Gen.Char["{}[]\":,01e.-+etrufalsn\\ud8 \t\r\n"].Array[0, 60].Select(chars => new string(chars));

    /// <summary>JSON objects of known and unknown fields, with valid and invalid values.</summary>
    public static Gen<string> Object { get; } = Gen.Frequency(
        (6, Gen.Int[0, Good.Length - 1].Select(index => $"\"{Good[index].Name}\":{Good[index].Value}")),
        (1, Gen.Select(Of(Names), Of(Bad)).Select(field => $"\"{field.Item1}\":{field.Item2}")),
        (1, Gen.Select(Of(Names), Gen.Int[0, Good.Length - 1]).Select(field => $"\"{field.Item1}\":{Good[field.Item2].Value}")))
        .Array[0, 10].Select(fields => "{" + string.Join(',', fields) + "}");

    /// <summary>NDJSON of events, and of other objects.</summary>
    public static Gen<string> Lines { get; } = Gen.Frequency(
        (4, Gen.Select(Of("", "\"key\":\"k1\",", "\"key\":\"k2\","), Object).Select(line => $"{{\"event\":\"Built\",{line.Item1}\"body\":{line.Item2}}}")),
        (1, Object),
        (1, Of("", " ", "\r")))
        .Array[1, 4].Select(lines => string.Join('\n', lines));

    /// <summary>Request bodies of every kind.</summary>
    public static Gen<byte[]> Body { get; } = Gen.Frequency(
        (1, Bytes),
        (1, Punctuation.Select(Encoding.UTF8.GetBytes)),
        (1, Object.Array[0, 3].Select(items => Encoding.UTF8.GetBytes($"[{string.Join(',', items)}]"))),
        (4, Object.Select(Encoding.UTF8.GetBytes)),
        (1, Lines.Select(Encoding.UTF8.GetBytes)),
        (3, Mutated(Object.Select(Encoding.UTF8.GetBytes))));

    /// <summary>The known texts, mutations of them, and noise.</summary>
    public static Gen<string> Text(params string[] known) => Gen.OneOf(
        Gen.String,
        Of(known),
        Mutated(Of(known).Select(Encoding.Latin1.GetBytes)).Select(Encoding.Latin1.GetString));

    public static Gen<T> Of<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    /// <summary>Byte sequences with a few bytes inserted, removed or changed, or a part repeated.</summary>
    public static Gen<byte[]> Mutated(Gen<byte[]> bytes) => Gen.Select(bytes, Gen.Select(Gen.Int[0, 3], Gen.Double.Unit, Gen.Byte).Array[1, 4]).Select((original, changes) =>
    {
        var mutated = new List<byte>(original);
        foreach ((int kind, double place, byte value) in changes)
        {
            int index = (int)(place * mutated.Count);
            if (kind == 0 || mutated.Count == 0)
            {
                mutated.Insert(index, value);
            }
            else if (kind == 1)
            {
                mutated.RemoveAt(index);
            }
            else if (kind == 2)
            {
                mutated[index] = value;
            }
            else
            {
                mutated.InsertRange(index, mutated.Take(index).ToArray());
            }
        }

        return mutated.ToArray();
    });
}
