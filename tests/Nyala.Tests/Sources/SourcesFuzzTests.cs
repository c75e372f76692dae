using System.Text;
using CsCheck;
using Nyala.Server.Deploying.Fetch;
using Nyala.Server.Deploying.Git;
using Nyala.Server.Http;
using Nyala.Server.Sources;
using Nyala.Tests.Fuzzing;
using Nyala.Tests.Support;

namespace Nyala.Tests.Sources;

/// <summary>Any body sent as a push is read, refused or not recognized. No field exceeds its limit, and no exception is thrown.</summary>
public sealed class SourcesFuzzTests
{
    private static readonly string[] Samples = [PushSamples.GitHub, PushSamples.GitLab, PushSamples.OldGitLab, PushSamples.Bitbucket, PushSamples.Generic];

    private static readonly string?[] Headers =
        [null, "X-GitHub-Event: push", "X-GitHub-Event: ping", "X-GitHub-Event: \u0000", "X-Gitlab-Event: Push Hook", "X-Gitlab-Event: ", "X-Event-Key: repo:push", "X-Event-Key: x"];

    /// <summary>Values that replace a value of a sample.</summary>
    private static readonly string[] Bad =
    [
        "null", "3", "true", "\"\"", "[]", "{}", "[null]", "[[]]", "\"\\ud800\"", "{\"\\ud800\":1}", "\"refs/heads/main\"", "\"-upload-pack=x\"", "\"ext::sh -c x\"", "\"https://u:p@h/#-x\"",
        "\"" + new string('x', 70_000) + "\"", "[" + string.Join(',', Enumerable.Repeat("{}", 500)) + "]", new string('[', 63) + new string(']', 63), "\"" + PushSamples.Zeros + "\"",
    ];

    private static readonly Gen<byte[]> Bodies = Gen.Frequency(
        (1, Odd.Body),
        (3, Odd.Mutated(Odd.Of(Samples).Select(Encoding.UTF8.GetBytes))),
        (4, Gen.Select(Odd.Of(Samples), Gen.Double.Unit, Odd.Of(Bad)).Select((sample, place, value) => Swapped(sample, place, value))),
        (2, Gen.Select(Odd.Of(Samples), Gen.Double.Unit, Odd.Of(Bad)).Select((sample, place, value) => Swapped(sample, place, value)).Select(AsForm)));

    [Fact]
    public void Any_body_is_read_or_refused_with_a_reason() => Gen.Select(Bodies, Odd.Of(Headers), Odd.Of<string?>(null, "application/x-www-form-urlencoded", "application/json")).Sample(
        (body, header, type) =>
        {
            bool read = PushBody.TryRead(body, type, out JsonFields fields, out string reason);
            Assert.Equal(read, reason.Length == 0);
            if (!read)
            {
                return;
            }

            switch (PushSourcesTests.Read(fields, header, "main"))
            {
                case ParsedPush.Malformed malformed:
                    Assert.InRange(malformed.Reason.Length, 1, 500);
                    break;
                case ParsedPush.NoDeployment nothing:
                    Assert.InRange(nothing.Why.Length, 1, 500);
                    break;
                case ParsedPush.Deploy deploy:
                    AssertSound(deploy.Payload);
                    break;
            }
        },
        iter: Fuzz.Cases);

    private static void AssertSound(PushPayload payload)
    {
        Assert.InRange(payload.RepositoryUrl.Length, 1, 4096);
        Assert.InRange(payload.Author.Length, 0, TextLimit.Name);
        Assert.InRange(payload.AuthorEmail.Length, 0, TextLimit.Name);
        Assert.InRange(payload.Message.Length, 0, TextLimit.Message);
        Assert.Equal(payload.IsPush, payload.Branch == "main");
        Assert.True(payload.Commit is null || CommitName.IsWhole(payload.Commit));
        Assert.Equal(RepositoryUrl.Parse(payload.RepositoryUrl, out string reason) is null, reason.Length > 0);
    }

    /// <summary>Returns a sample with one of its values replaced.</summary>
    private static byte[] Swapped(string sample, double place, string value)
    {
        int[] colons = [.. Enumerable.Range(0, sample.Length - 1).Where(i => sample[i] == ':' && sample[i - 1] == '"')];
        int start = colons[(int)(place * colons.Length)] + 1;
        var reader = new System.Text.Json.Utf8JsonReader(Encoding.UTF8.GetBytes(sample[start..]), isFinalBlock: false, default);
        reader.Read();
        reader.TrySkip();
        return Encoding.UTF8.GetBytes(sample[..start] + value + sample[(start + (int)reader.BytesConsumed)..]);
    }

    private static byte[] AsForm(byte[] body) => Encoding.UTF8.GetBytes("payload=" + Uri.EscapeDataString(Encoding.UTF8.GetString(body)));
}
