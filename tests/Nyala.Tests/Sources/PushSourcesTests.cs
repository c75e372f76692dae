using System.Text;
using Nyala.Server.Http;
using Nyala.Server.Sources;

namespace Nyala.Tests.Sources;

public sealed class PushSourcesTests
{
    public static TheoryData<string, string, string?> Pushes() => new()
    {
        { "GitHub", PushSamples.GitHub, "X-GitHub-Event: push" },
        { "External Provider", PushSamples.GitHub, null },
        { "GitlabHQ", PushSamples.GitLab, "X-Gitlab-Event: Push Hook" },
        { "GitlabHQ", PushSamples.GitLab, null },
        { "Bitbucket", PushSamples.Bitbucket, "X-Event-Key: repo:push" },
        { "Bitbucket", PushSamples.Bitbucket, null },
    };

    [Theory, MemberData(nameof(Pushes))]
    public void A_push_of_the_sites_branch_is_deployed(string deployer, string body, string? header)
    {
        string url = deployer switch
        {
            "GitHub" or "External Provider" => "https://github.com/Codertocat/Hello-World.git",
            "GitlabHQ" => "https://gitlab.example.com/mike/diaspora.git",
            _ => "https://bitbucket.org/acme/shop",
        };

        Assert.Equal(
            new PushPayload
            {
                RepositoryUrl = url,
                Branch = "main",
                Commit = PushSamples.Commit,
                Author = "Ann",
                AuthorEmail = "ann@example.com",
                Message = "Fix the tax",
                Deployer = deployer,
            },
            Deployed(Read(body, header)));
    }

    [Theory, MemberData(nameof(Pushes))]
    public void A_push_of_another_branch_is_not_deployed_and_the_reason_names_both_branches(string deployer, string body, string? header) => Assert.StartsWith(
        deployer == "Bitbucket" ? "The branch 'next' was pushed, but this site deploys the branch 'live'." : "The branch 'main' was pushed, but this site deploys the branch 'live'.",
        Why(Read(body, header, branch: "live")), StringComparison.Ordinal);

    [Theory]
    [InlineData(PushSamples.GitHub)]
    [InlineData(PushSamples.GitLab)]
    [InlineData(PushSamples.Bitbucket)]
    public void Branch_names_are_case_sensitive(string body) =>
        Assert.Contains("this site deploys the branch 'Main'.", Why(Read(body, branch: "Main")), StringComparison.Ordinal);

    [Theory]
    [InlineData(PushSamples.GitHub)]
    [InlineData(PushSamples.GitLab)]
    [InlineData("""{"push":{"changes":[{"new":null,"old":{"type":"branch","name":"main","target":{"hash":"1e65c05c1d5171631d92438a13901ca7dae9618c"}},"closed":true}]}}""")]
    public void The_deletion_of_a_branch_is_not_deployed(string body)
    {
        string deleted = body.Replace($"\"after\": \"{PushSamples.Commit}\"", $"\"after\": \"{PushSamples.Zeros}\"", StringComparison.Ordinal);

        Assert.Contains("'main' was deleted, so there is nothing to deploy.", Why(Read(deleted)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PushSamples.GitHub, "refs/heads/main", "refs/tags/v1")]
    [InlineData(PushSamples.GitLab, "refs/heads/main", "refs/tags/v1")]
    [InlineData(PushSamples.GitLab, "\"object_kind\": \"push\"", "\"object_kind\": \"tag_push\"")]
    [InlineData(PushSamples.Bitbucket, "\"type\": \"branch\", \"name\": \"main\", \"target\": { \"type\": \"commit\", \"hash\": \"6113", "\"type\": \"tag\", \"name\": \"main\", \"target\": { \"type\": \"commit\", \"hash\": \"6113")]
    public void A_push_of_a_tag_is_not_deployed(string body, string what, string instead)
    {
        string why = Why(Read(Changed(body, what, instead)));

        Assert.True(why.Contains("only branches are deployed", StringComparison.Ordinal) || why.Contains("'next' was pushed", StringComparison.Ordinal), why);
    }

    [Theory]
    [InlineData("X-GitHub-Event: ping", """{"zen":"Design for failure.","hook_id":1,"repository":{"clone_url":"https://github.com/a/b.git"}}""", "The ping was received")]
    [InlineData("X-GitHub-Event: issues", """{"action":"opened"}""", "Only 'push' does")]
    [InlineData("X-Gitlab-Event: Pipeline Hook", """{"object_kind":"pipeline"}""", "Only push events do")]
    [InlineData("X-Event-Key: repo:fork", """{"fork":{}}""", "Only 'repo:push' does")]
    public void An_event_that_is_not_a_push_is_not_deployed(string header, string body, string why) => Assert.Contains(why, Why(Read(body, header)), StringComparison.Ordinal);

    [Theory]
    [InlineData(PushSamples.GitHub, "X-GitHub-Delivery", "X-Gogs-Delivery")]
    [InlineData(PushSamples.GitHub, "X-Gitea-Delivery", "X-Gogs-Delivery")]
    [InlineData(PushSamples.GitHub, "X-Forgejo-Delivery", "X-Gogs-Delivery")]
    [InlineData(PushSamples.GitHub, "X-Gogs-Delivery", "X-Request-UUID")]
    [InlineData(PushSamples.GitLab, "Idempotency-Key", "X-Gitlab-Event-UUID")]
    [InlineData(PushSamples.GitLab, "X-Gitlab-Event-UUID", "X-GitHub-Delivery")]
    [InlineData(PushSamples.Bitbucket, "X-Request-UUID", "X-Hook-UUID")]
    public void The_delivery_id_is_read_from_the_header_of_the_sender(string body, string header, string other)
    {
        ParsedPush reading = PushSources.Read(new PushRequest(Fields(body), "main", name => name == header ? " 72d3162e " : name == other ? "other" : null));

        Assert.Equal("72d3162e", Deployed(reading).Delivery);
    }

    [Fact]
    public void A_delivery_id_above_200_characters_is_refused()
    {
        ParsedPush reading = PushSources.Read(new PushRequest(Fields(PushSamples.GitHub), "main", name => name == "X-GitHub-Delivery" ? new string('a', 201) : null));

        Assert.Equal(new ParsedPush.Malformed("'X-GitHub-Delivery' has 201 characters; the maximum is 200."), reading);
    }

    [Fact]
    public void The_oldest_GitLab_format_is_read()
    {
        PushPayload payload = Deployed(Read(PushSamples.OldGitLab));

        Assert.Equal(("https://gitlab.com/acme/hello.git", "Ann", "GitlabHQ"), (payload.RepositoryUrl, payload.Author, payload.Deployer));
    }

    [Theory]
    [InlineData("https://example.com/shop.git", "example.com")]
    [InlineData("https://EXAMPLE.com:8443/shop.git", "example.com")]
    [InlineData("https://user:token@github.com/acme/shop", "GitHub")]
    [InlineData("https://www.github.com/acme/shop#main", "GitHub")]
    [InlineData("https://evilgithub.com/acme/shop", "evilgithub.com")]
    [InlineData("https://bitbucket.org/acme/shop#0123456", "Bitbucket")]
    [InlineData("https://gitlab.example.com/acme/shop", "GitlabHQ")]
    [InlineData("https://example.gitlab.io/acme/shop", "example.gitlab.io")]
    [InlineData("https://kudu.kilnhg.com/shop", "Kiln")]
    public void The_generic_format_is_read_and_its_deployer_is_named_as_in_Kudu(string url, string deployer)
    {
        PushPayload payload = Deployed(Read($$"""{"Format":"BASIC","URL":" {{url}} ","scm":"git","is_hg":false}"""));

        Assert.Equal(new PushPayload { RepositoryUrl = url, Deployer = deployer }, payload);
        Assert.False(payload.IsPush);
    }

    [Theory]
    [InlineData("""{"format":"basic"}""", "'url' is missing")]
    [InlineData("""{"format":"basic","url":3}""", "'url' is missing")]
    [InlineData("""{"format":"basic","url":"https://example.com/a","scm":"hg"}""", "Mercurial is not supported")]
    [InlineData("""{"format":"basic","url":"https://example.com/a","is_hg":true}""", "Mercurial is not supported")]
    [InlineData("""{"ref":"refs/heads/main","after":"6113728f27ae82c7b1a177c8d03f9e96e0adf246","repository":{}}""", "'repository.clone_url' is missing")]
    [InlineData("""{"ref":"refs/heads/main","after":"main","repository":{"clone_url":"https://example.com/a"}}""", "has no valid commit id")]
    [InlineData("""{"ref":"refs/heads/main","after":null,"repository":{"clone_url":"https://example.com/a"}}""", null)]
    [InlineData("""{"object_kind":"push","project":{},"ref":"refs/heads/main"}""", "has no valid commit id")]
    [InlineData("""{"object_kind":"push","project":{}}""", "has no 'ref'")]
    [InlineData("""{"push":{"changes":[]}}""", "contains no 'push.changes'")]
    [InlineData("""{"push":{"changes":[{"new":{"target":{}}}]}}""", "has no 'ref'")]
    [InlineData("""{"push":{"changes":[3]},"repository":{"scm":"hg"}}""", "Mercurial is not supported")]
    public void An_incomplete_invalid_or_Mercurial_payload_is_malformed_or_not_recognized(string body, string? reason)
    {
        ParsedPush reading = Read(body);

        if (reason is null)
        {
            Assert.IsType<ParsedPush.NotRecognized>(reading);
        }
        else
        {
            Assert.Contains(reason, Assert.IsType<ParsedPush.Malformed>(reading).Reason, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"format":"advanced","url":"https://example.com/a"}""")]
    [InlineData("""{"ref":"refs/heads/main"}""")]
    [InlineData("""{"push":{}}""")]
    [InlineData("""{"push":[{"changes":[]}]}""")]
    public void An_unknown_format_is_not_recognized(string body) => Assert.IsType<ParsedPush.NotRecognized>(Read(body));

    [Fact]
    public void Long_texts_are_cut_between_characters()
    {
        string body = Changed(PushSamples.GitHub, "\"name\": \"Ann\"", $"\"name\": \"{new string('x', TextLimit.Name - 1)}\U0001F98Cz\"");

        Assert.Equal(new string('x', TextLimit.Name - 1), Deployed(Read(body)).Author);
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/x-www-form-urlencoded; charset=utf-8")]
    [InlineData(null)]
    public void A_form_body_is_read_from_its_payload_field(string? contentType)
    {
        string form = "payload=" + Uri.EscapeDataString(PushSamples.GitHub).Replace("%20", "+", StringComparison.Ordinal);
        foreach (string body in (string[])[form, contentType is null ? form + "&x=1" : "x=1&" + form])
        {
            Assert.True(PushBody.TryRead(Encoding.UTF8.GetBytes(body), contentType, out JsonFields fields, out string reason), reason);
            Assert.Equal("Fix the tax", Deployed(Read(fields, null, "main")).Message);
        }
    }

    [Theory]
    [InlineData("a=b", "application/x-www-form-urlencoded", "The form has no field 'payload'.")]
    [InlineData("payload=", "application/x-www-form-urlencoded", "The body is empty; it must be JSON.")]
    [InlineData("payload=%7B", null, "The body is not JSON")]
    [InlineData("payload=%FF", null, "The body is not valid UTF-8")]
    [InlineData("", null, "The body is empty; it must be JSON.")]
    public void A_form_without_a_valid_payload_is_refused_with_the_reason(string body, string? contentType, string reason)
    {
        Assert.False(PushBody.TryRead(Encoding.UTF8.GetBytes(body), contentType, out _, out string told));
        Assert.StartsWith(reason, told, StringComparison.Ordinal);
    }

    [Fact]
    public void JSON_with_the_content_type_of_a_form_is_read_as_JSON() =>
        Assert.True(PushBody.TryRead(Encoding.UTF8.GetBytes("\n " + PushSamples.Generic), "application/x-www-form-urlencoded", out _, out _));

    internal static ParsedPush Read(string body, string? header = null, string branch = "main") => Read(Fields(body), header, branch);

    private static JsonFields Fields(string body)
    {
        Assert.True(RequestBody.TryReadObject(Encoding.UTF8.GetBytes(body), out JsonFields fields, out string reason), reason);
        return fields;
    }

    internal static ParsedPush Read(JsonFields fields, string? header, string branch) =>
        PushSources.Read(new PushRequest(fields, branch, name => header?.StartsWith(name + ": ", StringComparison.Ordinal) == true ? header[(name.Length + 2)..] : null));

    private static string Changed(string body, string what, string instead)
    {
        Assert.Contains(what, body, StringComparison.Ordinal);
        return body.Replace(what, instead, StringComparison.Ordinal);
    }

    private static PushPayload Deployed(ParsedPush reading) => Assert.IsType<ParsedPush.Deploy>(reading).Payload;

    private static string Why(ParsedPush reading) => Assert.IsType<ParsedPush.NoDeployment>(reading).Why;
}
