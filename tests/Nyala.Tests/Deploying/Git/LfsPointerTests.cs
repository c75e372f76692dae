using System.Text;
using Nyala.Server.Deploying.Git;
using Nyala.Tests.Deploying.Fetch;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deploying.Git;

public sealed class LfsPointerTests(SharedServer shared)
{
    private const string Pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";

    [Theory]
    [InlineData(Pointer, true)]
    [InlineData("version https://git-lfs.github.com/spec/v1\r\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\r\nsize 12345\r\n", true)]
    [InlineData("version https://git-lfs.github.com/spec/v1\next-0-foo sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 1\n", true)]
    [InlineData("version https://hawser.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 1\n", true)]
    [InlineData("The form is: " + Pointer, false)]
    [InlineData("version https://git-lfs.github.com/spec/v1\nis what the first line of a pointer says, and the lines that follow it are an oid and a size.\n", false)]
    [InlineData("", false)]
    public void IsPointer_recognizes_every_form_of_an_LFS_pointer(string content, bool isPointer) => Assert.Equal(isPointer, LfsPointer.IsPointer(Encoding.UTF8.GetBytes(content)));

    [Fact]
    public void A_long_text_that_begins_like_a_pointer_is_not_a_pointer() => Assert.False(LfsPointer.IsPointer(Encoding.UTF8.GetBytes(Pointer + new string(' ', 1024))));

    [Fact]
    public void Describe_names_the_first_five_files_and_counts_the_rest() => Assert.Equal(
        "7 files are Git LFS pointers, not the files themselves: 1, 2, 3, 4, 5 and 2 more.", LfsCheck.Describe(["1", "2", "3", "4", "5", "6", "7"]));

    [Fact]
    public async Task Pointers_are_deployed_only_if_SCM_ALLOW_LFS_POINTERS_is_set()
    {
        TestServer server = shared.Server;
        DeployingSite site = await DeployingSite.CreateAsync(server);

        Reply refused = await site.ZipAsync(("index.html", "hello"), ("img/logo.png", Pointer), (".hidden/x", Pointer));
        await server.PostAsync($"{site.Api}/settings", new System.Text.Json.Nodes.JsonObject { [LfsCheck.Setting] = "1" });
        Reply taken = await site.ZipAsync(("index.html", "hello"), ("img/logo.png", Pointer));

        string reason = (await site.LogAsync(refused.Json.GetProperty("id").GetString()!))[^1];
        Assert.StartsWith("2 files are Git LFS pointers, not the files themselves: .hidden/x, img/logo.png. This server does not store LFS objects.", reason, StringComparison.Ordinal);
        Assert.Contains("SCM_ALLOW_LFS_POINTERS=1", reason, StringComparison.Ordinal);
        Assert.Equal((System.Net.HttpStatusCode.UnprocessableEntity, System.Net.HttpStatusCode.OK), (refused.Status, taken.Status));
        Assert.Contains(
            "1 file is a Git LFS pointer, not the file itself: img/logo.png. They are deployed as they are (SCM_ALLOW_LFS_POINTERS).",
            await site.LogAsync(taken.Json.GetProperty("id").GetString()!));
        Assert.Equal(Pointer, site.Read("img/logo.png"));
    }

    [Fact]
    public async Task A_fetched_commit_with_LFS_pointers_returns_422()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using GitHost host = await GitHost.StartAsync();
        await using FetchedSite site = await FetchedSite.CreateAsync(server, hook: false);
        host.Repository.Commit(file: "logo.png", content: Pointer);

        Reply reply = await site.DeployAsync(host.Url);

        Assert.Equal(422, reply.Code);
        Assert.Contains("1 file is a Git LFS pointer, not the file itself: logo.png.", reply.Text, StringComparison.Ordinal);
    }
}
