using System.Diagnostics;
using System.Text;
using CsCheck;
using Nyala.Server.Deploying.Fetch;
using Nyala.Server.Deploying.Git;
using Nyala.Server.Outbound;
using Nyala.Server.Sites;
using Nyala.Tests.Fuzzing;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deploying.Fetch;

public sealed class RepositoryUrlTests
{
    private const string Sha = "6113728f27ae82c7b1a177c8d03f9e96e0adf246";

    private static readonly string[] Known =
    [
        "https://example.com/shop.git", "https://u:p@example.com/shop.git#main", "http://[::1]:8080/a#" + Sha, "https://b\u00fccher.example/\u00fc#feature/\u00fc", "git@github.com:acme/shop.git",
        "ext::sh -c x", "file:///etc/passwd", "ssh://host/a", "--upload-pack=x", "-x://h/a", "http://h/a#-x", "http://h/a#refs/heads/x", "http://h/a#refs/tags/x", "http://a@b@c/d", "http://h\u3002example/a",
        "http://h./a", "http://127.1/a", "http://0x7f.1/a", "http://[fe80::1%25eth0]/a", "http://h/a/../../b", "http://h/a?b", "http://%00/a", "http://\ud800/a", "http://u:\u0001@h/a", "https:/h/a",
        "https:h/a", "https://h:0/a", "https://h:65536/a", "https://:@h/a", "https://u@h/a", "http://h/%0d%0a", "http://u:%0d%0aX-Y:z@h/a",
    ];

    private static readonly Gen<string> Pieces = Odd.Of(
        "http://", "https://", "git://", "://", "::", "@", ":", "/", "?", "#", "[", "]", "%", "%0a", "..", "a", "example.com", "127.0.0.1", "::1", "80", "\u00fc", "\ud800", "\u3002", "-", "--", "main",
        Sha, "refs/heads/", "refs/", ".lock", "user", "\\", " ", "\t", "\n", "\0").Array[0, 12].Select(string.Concat);

    private static readonly Gen<string> Text = Gen.OneOf(Odd.Text(Known), Pieces, Pieces.Select(rest => "https://example.com/a#" + rest), Pieces.Select(rest => "http://" + rest));

    [Theory]
    [InlineData("https://example.com/acme/shop.git", "https://example.com/acme/shop.git", null, null)]
    [InlineData(" http://EXAMPLE.com:8080/shop#main ", "http://example.com:8080/shop", "main", null)]
    [InlineData("https://example.com./shop#feature/tax-1", "https://example.com/shop", "feature/tax-1", null)]
    [InlineData("https://example.com:443/shop#" + Sha, "https://example.com/shop", null, Sha)]
    [InlineData("https://example.com/shop#6113728F", "https://example.com/shop", null, "6113728f")]
    [InlineData("https://example.com/shop#refs/heads/6113728f", "https://example.com/shop", "6113728f", null)]
    [InlineData("https://example.com/shop#", "https://example.com/shop", null, null)]
    [InlineData("https://example.com/shop#fix/#12", "https://example.com/shop", "fix/#12", null)]
    [InlineData("https://b\u00fccher.example/shop", "https://xn--bcher-kva.example/shop", null, null)]
    [InlineData("http://127.1/shop", "http://127.0.0.1/shop", null, null)]
    [InlineData("http://[::ffff:10.0.0.1]/shop", "http://[::ffff:10.0.0.1]/shop", null, null)]
    public void A_valid_URL_is_split_into_repository_branch_and_commit(string text, string url, string? branch, string? commit)
    {
        RepositoryUrl? read = RepositoryUrl.Parse(text, out string reason);

        Assert.Equal("", reason);
        Assert.Equal((url, branch, commit, null), (read!.Url.AbsoluteUri, read.Branch, read.Commit, read.UserInfo));
        Assert.Equal(url, read.ToString());
    }

    [Theory]
    [InlineData("file:///srv/shop.git", "The scheme must be http or https")]
    [InlineData("ssh://git@example.com/shop.git", "The URL has the scheme 'ssh'")]
    [InlineData("git://example.com/shop.git", "The URL has the scheme 'git'")]
    [InlineData("git+ssh://example.com/shop.git", "The URL has the scheme 'git+ssh'")]
    [InlineData("ftp://example.com/shop.git", "The URL has the scheme 'ftp'")]
    [InlineData("git@example.com:acme/shop.git", "an ssh URL (host:path)")]
    [InlineData("example.com:shop.git", "an ssh URL (host:path)")]
    [InlineData("ext::sh -c touch% /tmp/x", "contains a space")]
    [InlineData("ext::sh", "transport helper")]
    [InlineData("http::https://example.com/a", "transport helper")]
    [InlineData("--upload-pack=x", "starts with '-'")]
    [InlineData("-https://example.com/a", "starts with '-'")]
    [InlineData("/srv/shop.git", "must be absolute")]
    [InlineData("../shop.git", "must be absolute")]
    [InlineData("https:/example.com/a", "host:path")]
    [InlineData("", "missing")]
    [InlineData("https://example.com", "has no path")]
    [InlineData("https://example.com/", "has no path")]
    [InlineData("https:///shop.git", "has no host")]
    [InlineData("https://example.com/shop?token=x", "has a query")]
    [InlineData("https://a@b@example.com/shop", "has no host")]
    [InlineData("https://[fe80::1%25eth0]/shop", "has no host")]
    [InlineData("https://-example.com/shop", "has no host")]
    [InlineData("http://--\u00fcber.example/shop", "has no host")]
    [InlineData("https://example.com/a\nb", "control character")]
    [InlineData("https://example.com/a b", "contains a space")]
    [InlineData("https://example.com\\@evil.example/a", "backslash")]
    [InlineData("https://u:%0d%0aX@example.com/a", "user info contains a control character")]
    [InlineData("https://example.com/a#-x", "neither a valid branch nor a commit")]
    [InlineData("https://example.com/a#refs/heads/-x", "neither a valid branch nor a commit")]
    [InlineData("https://example.com/a#a..b", "neither a valid branch nor a commit")]
    [InlineData("https://example.com/a#+main:x", "neither a valid branch nor a commit")]
    [InlineData("https://example.com/a#refs/tags/v1", "a ref other than a branch")]
    [InlineData("https://example.com/a#HEAD", "neither a valid branch nor a commit")]
    public void An_unsupported_or_invalid_URL_is_refused_with_the_reason(string text, string reason)
    {
        Assert.Null(RepositoryUrl.Parse(text, out string told));
        Assert.Contains(reason, told, StringComparison.Ordinal);
    }

    [Fact]
    public void A_URL_above_2048_characters_or_a_branch_above_200_is_refused()
    {
        Assert.Null(RepositoryUrl.Parse("https://example.com/" + new string('a', 2048), out string reason));
        Assert.Equal("The URL has 2068 characters; the maximum is 2048.", reason);
        Assert.Null(RepositoryUrl.Parse("https://example.com/a#" + new string('a', 201), out _));
    }

    [Theory]
    [InlineData("https://ann:p%40ss@example.com/shop", "ann:p@ss")]
    [InlineData("https://token@example.com/shop", "token:")]
    [InlineData("https://:secret@example.com/shop", ":secret")]
    public void User_info_becomes_credentials_and_is_masked_when_the_URL_is_shown(string text, string userInfo)
    {
        RepositoryUrl url = RepositoryUrl.Parse(text, out _)!;

        Assert.Equal(userInfo, url.UserInfo);
        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(userInfo)), url.Authorization);
        Assert.Equal("https://***@example.com/shop", url.ToString());
        Assert.Equal("https://example.com/shop", url.Url.AbsoluteUri);
    }

    [Fact]
    public void Any_text_is_refused_or_becomes_a_URL_that_is_safe_to_pass_to_git()
    {
        var guard = new AddressGuard(ownOpen: false, []);
        Text.Sample(
            text =>
            {
                RepositoryUrl? url = RepositoryUrl.Parse(text, out string reason);

                Assert.Equal(url is null, reason.Length > 0);
                Assert.InRange(reason.Length, 0, 300);
                if (url is null)
                {
                    return;
                }

                string given = url.Url.AbsoluteUri;
                Assert.True(given.StartsWith("http://", StringComparison.Ordinal) || given.StartsWith("https://", StringComparison.Ordinal), given);
                Assert.True(Ascii.IsValid(given) && !given.Any(c => c <= ' ' || c is '#' or '?' or '\\' or '\u007F'), given);
                Assert.DoesNotContain('@', given.Split('/')[2]);
                Assert.False(url.Host.EndsWith('.') || url.Host.Contains('%', StringComparison.Ordinal), url.Host);
                Assert.True(url.Branch is null || url.Commit is null);
                Assert.True(url.Branch is null || (BranchName.IsValid(url.Branch) && !url.Branch.EnumerateRunes().Contains(Rune.ReplacementChar)));
                Assert.True(url.Commit is null || CommitName.IsValid(url.Commit));
                Assert.DoesNotContain('\n', url.Authorization ?? "");
                Assert.Equal(given, RepositoryUrl.Parse(given, out _)?.Url.AbsoluteUri);
                guard.Judge(url.Url);
            },
            iter: Fuzz.Cases);
    }

    [Fact]
    public void A_branch_name_is_valid_only_if_git_accepts_it_too()
    {
        Gen<string> names = Gen.OneOf(Odd.Text("main", "feature/tax", "a.lock", "@{-1}", "a..b", "-x", "a//b", "a.", ".a", "a/.b", "HEAD", "\u00fc"), Pieces)
            .Where(name => !name.Contains('\0', StringComparison.Ordinal) && !name.EnumerateRunes().Contains(Rune.ReplacementChar));
        int taken = 0;
        names.Sample(
            name =>
            {
                if (!BranchName.IsValid(name))
                {
                    return;
                }

                Interlocked.Increment(ref taken);
                using Process git = Process.Start(new ProcessStartInfo("git", ["check-ref-format", "--branch", name]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
                string output = git.StandardOutput.ReadToEnd();
                git.WaitForExit();
                Assert.True(git.ExitCode == 0, name);
                Assert.Equal(name, output.TrimEnd('\n'));
            },
            iter: Math.Min(Fuzz.Cases, 20_000) / 4,
            threads: 2);
        Assert.InRange(taken, 20, int.MaxValue);
    }
}
