using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Nyala.Tests.Support;

/// <summary>
/// Compares a text with the approved text in <c>Class.Name.approved.txt</c> beside the test. If they differ, it writes
/// <c>Class.Name.received.txt</c>. Rename that file to approve it.
/// </summary>
internal static partial class Approved
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Compares JSON, including the order of its fields, in an indented form.</summary>
    public static void Json(string json, [CallerMemberName] string name = "", [CallerFilePath] string source = "") =>
        Text(JsonSerializer.Serialize(JsonElement.Parse(json), Indented), name, source);

    /// <summary>Compares a text.</summary>
    public static void Text(string text, [CallerMemberName] string name = "", [CallerFilePath] string source = "")
    {
        string received = Scrub(text).ReplaceLineEndings("\n").TrimEnd() + "\n";
        string file = Path.Combine(Path.GetDirectoryName(source)!, $"{Path.GetFileNameWithoutExtension(source)}.{name}");
        string approvedFile = file + ".approved.txt";
        string receivedFile = file + ".received.txt";
        string approved = File.Exists(approvedFile) ? File.ReadAllText(approvedFile).ReplaceLineEndings("\n") : "";
        if (approved == received)
        {
            File.Delete(receivedFile);
            return;
        }

        File.WriteAllText(receivedFile, received);
        Assert.Fail($"{Path.GetFileName(approvedFile)} differs from {Path.GetFileName(receivedFile)}.\nApproved:\n{approved}\nReceived:\n{received}");
    }

    /// <summary>
    /// Replaces values that differ from run to run with names. Equal values get equal names, so that a snapshot still shows which values are the same. Only
    /// values of the right form are replaced: a time with six fraction digits stays, and fails the test.
    /// </summary>
    internal static string Scrub(string text)
    {
        text = Number(Times(), text, "time");
        text = Number(Ids(), text, "id");
        text = Number(Ports(), text, "port");
        text = Number(Callbacks(), text, "callback");
        text = Secrets().Replace(text, "{secret}");
        text = Signatures().Replace(text, "v1,{signature}");
        text = UnixTimes().Replace(text, "{unix time}");
        text = Traces().Replace(text, "{trace}");
        return Versions().Replace(text, "Nyala/{version}");
    }

    private static string Number(Regex form, string text, string name)
    {
        var numbers = new Dictionary<string, int>();
        return form.Replace(text, match =>
        {
            numbers.TryAdd(match.Value, numbers.Count + 1);
            return $"{{{name} {numbers[match.Value]}}}";
        });
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z")]
    private static partial Regex Times();

    [GeneratedRegex(@"\b\d{16,19}\b|(?<=msg_)\d{16,19}\b")]
    private static partial Regex Ids();

    [GeneratedRegex(@"(?<=127\.0\.0\.1:)\d+")]
    private static partial Regex Ports();

    [GeneratedRegex(@"(?<=/callback/)\d+")]
    private static partial Regex Callbacks();

    [GeneratedRegex(@"whsec_[A-Za-z0-9+/]{32,}={0,2}")]
    private static partial Regex Secrets();

    [GeneratedRegex(@"v1,[A-Za-z0-9+/]{43}=")]
    private static partial Regex Signatures();

    [GeneratedRegex(@"(?<=webhook-timestamp: )\d{10}\b")]
    private static partial Regex UnixTimes();

    [GeneratedRegex(@"(?<=""traceId"": "")[^""]+")]
    private static partial Regex Traces();

    [GeneratedRegex(@"Nyala/\d+\.\d+\.\d+")]
    private static partial Regex Versions();
}
