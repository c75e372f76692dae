using System.Text;
using System.Text.Json.Nodes;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deploying.Zip;

/// <summary><c>POST /api/publish</c> with a path: a part of a site is deployed into a copy of the current release.</summary>
public sealed class PartTests(SharedServer shared)
{
    private readonly TestServer _server = shared.Server;

    [Theory]
    [InlineData("path=api&clean=false")]
    [InlineData("path=api/&clean=False")]
    [InlineData("path=./api&clean=0")]
    [InlineData("path=/home/site/wwwroot/api&clean=false")]
    [InlineData("path=%2Fhome%2Fsite%2Fwwwroot%2Fapi%2F&clean=false")]
    [InlineData("path=home/site/wwwroot/api&clean=false")]
    public async Task A_zip_with_a_path_and_clean_false_is_merged_into_a_copy_of_the_release(string query)
    {
        DeployingSite site = await SiteAsync();
        string before = site.Folder.Current is var link ? new FileInfo(link).LinkTarget! : "";

        Reply reply = await PublishAsync(site, "type=zip&" + query, ("new", "2"), ("old", "2"), ("deep/er", "3"));

        Assert.Equal((200, "4"), (reply.Code, reply["status"]));
        Assert.Equal(["api/deep/er=3", "api/keep=k", "api/new=2", "api/old=2", "index.html=front"], Files(site));
        Assert.Equal("1", await File.ReadAllTextAsync(Path.Combine(site.Folder.Path, before, "api/old"), TestContext.Current.CancellationToken));
        Assert.Contains("Copying the current release.", await site.LogAsync(reply["id"]));
    }

    [Theory]
    [InlineData("path=api&clean=true")]
    [InlineData("path=api&clean=1")]
    [InlineData("path=/home/site/wwwroot/api")]
    public async Task A_zip_with_a_path_replaces_only_that_path_unless_clean_is_false(string query)
    {
        DeployingSite site = await SiteAsync();

        Assert.Equal(200, (await PublishAsync(site, "type=zip&" + query, ("new", "2"))).Code);

        Assert.Equal(["api/new=2", "index.html=front"], Files(site));
    }

    [Theory]
    [InlineData("type=zip&clean=false", "api/keep=k api/old=1 index.html=front new=2")]
    [InlineData("type=zip&clean=false&path=/home/site/wwwroot", "api/keep=k api/old=1 index.html=front new=2")]
    [InlineData("type=zip", "new=2")]
    [InlineData("type=zip&clean=true", "new=2")]
    [InlineData("type=ZIP&path=/home/site/wwwroot/", "new=2")]
    public async Task A_zip_at_the_root_replaces_the_site_unless_clean_is_false(string query, string files)
    {
        DeployingSite site = await SiteAsync();

        Assert.Equal(200, (await PublishAsync(site, query, ("new", "2"))).Code);

        Assert.Equal(files, string.Join(' ', Files(site)));
    }

    [Fact]
    public async Task A_missing_path_is_created_even_if_the_site_has_no_release()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);

        Assert.Equal(200, (await PublishAsync(site, "type=zip&path=a/b", ("c", "1"))).Code);
        Assert.Equal(200, (await PublishAsync(site, "type=zip&path=x/y", ("z", "2"))).Code);

        Assert.Equal(["a/b/c=1", "x/y/z=2"], Files(site));
    }

    [Fact]
    public async Task Type_static_writes_one_file_and_empties_its_folder_if_clean_is_true()
    {
        DeployingSite site = await SiteAsync();

        Assert.Equal(200, (await StaticAsync(site, "path=api/logo.svg", "<svg/>")).Code);
        Assert.Equal(200, (await StaticAsync(site, "path=/home/site/wwwroot/index.html", "new front")).Code);
        Assert.Equal(200, (await StaticAsync(site, "path=robots.txt", "")).Code);
        Assert.Equal(["api/keep=k", "api/logo.svg=<svg/>", "api/old=1", "index.html=new front", "robots.txt="], Files(site));

        Assert.Equal(200, (await StaticAsync(site, "path=api/only&clean=true", "1")).Code);
        Assert.Equal(["api/only=1", "index.html=new front", "robots.txt="], Files(site));
    }

    [Theory]
    [InlineData("type=zip&path=../x", "..")]
    [InlineData("type=zip&path=a/../../x", "..")]
    [InlineData("type=zip&path=%2e%2e/x", "..")]
    [InlineData("type=zip&path=/etc", "absolute")]
    [InlineData("type=zip&path=//etc", "absolute")]
    [InlineData("type=zip&path=/home/site/scripts", "outside the site")]
    [InlineData("type=zip&path=/home", "outside the site")]
    [InlineData("type=zip&path=home/data", "outside the site")]
    [InlineData("type=zip&path=/home/site/wwwroot/../scripts", "..")]
    [InlineData("type=zip&path=/home/site/wwwroot2", "outside the site")]
    [InlineData("type=zip&path=a%5Cb", "backslash")]
    [InlineData("type=zip&path=C:/site", "drive")]
    [InlineData("type=zip&path=a%00b", "control")]
    [InlineData("type=zip&path=a%0Ab", "control")]
    [InlineData("type=zip&path=a//b", "empty part")]
    [InlineData("type=zip&path=/", "'path' is empty")]
    [InlineData("type=zip&path=a&path=b", "'path' is given twice")]
    [InlineData("type=zip&pat=a", "'pat' is not a parameter")]
    [InlineData("type=zip&path=a&clean=yes", "'clean' must be true or false")]
    [InlineData("type=zip&path=a&clean=", "'clean' must be true or false")]
    [InlineData("type=zip&path=a&clean=true&clean=false", "'clean' must be true or false")]
    [InlineData("type=zip&restart=2", "'restart' must be true or false")]
    [InlineData("type=zip&async=on", "'async' must be true or false")]
    [InlineData("type=zip&reset=true", "'reset=true' is not supported")]
    [InlineData("type=static", "'path' is missing")]
    [InlineData("type=static&path=a/", "names a folder")]
    [InlineData("type=static&path=/home/site/wwwroot", "names a folder")]
    [InlineData("type=static&path=.deployment", ".deployment")]
    [InlineData("type=war", "'type=war' is not supported")]
    [InlineData("type=jar", "'type=jar' is not supported")]
    [InlineData("type=ear", "'type=ear' is not supported")]
    [InlineData("type=lib&path=x", "'type=lib' is not supported")]
    [InlineData("type=startup", "'type=startup' is not supported")]
    [InlineData("type=script&path=x", "'type=script' is not supported")]
    [InlineData("type=rpm", "'type=rpm' is not supported")]
    public async Task An_invalid_path_type_or_parameter_returns_400_and_records_no_deployment(string query, string why)
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);

        Reply reply = await PublishAsync(site, query, ("x", "1"));

        Assert.Equal(400, reply.Code);
        Assert.Contains(why, reply.Reason, StringComparison.Ordinal);
        Assert.Equal("[]", (await _server.GetAsync($"{site.Api}/deployments")).Text);
    }

    [Theory]
    [InlineData("path=x", "'path' is not a parameter of zipdeploy")]
    [InlineData("type=static", "not supported by zipdeploy")]
    [InlineData("restart=true", "'restart' is not a parameter")]
    [InlineData("isAsync=yes", "'isAsync' must be true or false")]
    public async Task Zipdeploy_returns_400_for_an_unsupported_parameter_or_value(string query, string why)
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);

        Reply reply = await _server.SendAsync(HttpMethod.Post, $"{site.Api}/zipdeploy?{query}", Zips.Of(("x", "1")));

        Assert.Equal(400, reply.Code);
        Assert.Contains(why, reply.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_part_is_not_written_through_a_symbolic_link_in_the_release()
    {
        // The command creates symbolic links in the release. One of them points outside it.
        DeployingSite site = await DeployingSite.CreateAsync(_server, "ln -s \"$PWD/../../..\" out; ln -s inner to; mkdir inner; echo 1 > inner/a; ln -s inner/a file; ln -s nowhere broken");
        await site.ZipAsync(("index.html", "front"));

        Reply through = await PublishAsync(site, "type=zip&path=out&clean=false", ("evil", "1"));
        Reply below = await PublishAsync(site, "type=zip&path=out/deeper", ("evil", "1"));
        Reply inner = await PublishAsync(site, "type=zip&clean=false", ("to/evil", "1"));

        Assert.Equal([422, 422, 422], new[] { through.Code, below.Code, inner.Code });
        Assert.All(new[] { through, below, inner }, reply => Assert.Contains("a link at", reply["status_text"], StringComparison.Ordinal));
        Assert.False(File.Exists(Path.Combine(site.Folder.Path, "evil")));

        // A file replaces a link, and the link's target stays unchanged. The other links are copied as links.
        Assert.Equal(200, (await StaticAsync(site, "path=file", "2")).Code);
        Assert.Equal(200, (await StaticAsync(site, "path=broken", "3")).Code);
        Assert.Equal(("1\n", "2", "3"), (site.Read("inner/a"), site.Read("file"), site.Read("broken")));
        Assert.Equal("inner", new FileInfo(Path.Combine(site.Folder.Current, "to")).LinkTarget);
    }

    [Fact]
    public async Task Emptying_a_folder_removes_its_symbolic_links_but_not_their_targets()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server, "mkdir kept box; echo 1 > kept/a; ln -s ../kept box/folder; ln -s ../kept/a box/file; ln -s nowhere box/broken");
        await site.ZipAsync(("index.html", "front"));

        Assert.Equal(200, (await PublishAsync(site, "type=zip&path=box&clean=true", ("b", "2"))).Code);

        Assert.Equal(["box/b=2", "index.html=front", "kept/a=1\n"], Files(site));
        Assert.Equal(["b"], Directory.GetFileSystemEntries(Path.Combine(site.Folder.Current, "box")).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_dot_deployment_file_is_left_out_of_a_part()
    {
        DeployingSite site = await SiteAsync();

        Reply reply = await PublishAsync(site, "type=zip&clean=false", (".deployment", "[config]\ncommand = false"), ("new", "2"));

        Assert.Equal(200, reply.Code);
        Assert.Equal(["api/keep=k", "api/old=1", "index.html=front", "new=2"], Files(site));
        Assert.Contains(".deployment is skipped: it applies only to a deployment of the whole site.", await site.LogAsync(reply["id"]));
    }

    [Theory]
    [InlineData("path=index.html", "a file at \"index.html\"")]
    [InlineData("path=index.html/x", "a file at \"index.html\"")]
    [InlineData("clean=false", "a folder at \"api\"")]
    public async Task A_part_that_would_replace_a_file_with_a_folder_or_the_reverse_returns_422(string query, string why)
    {
        DeployingSite site = await SiteAsync();

        Reply reply = await PublishAsync(site, "type=zip&" + query, ("api", "1"));

        Assert.Equal(422, reply.Code);
        Assert.Contains(why, reply["status_text"], StringComparison.Ordinal);
        Assert.Equal(["api/keep=k", "api/old=1", "index.html=front"], Files(site));
    }

    [Fact]
    public async Task File_modes_and_read_only_folders_are_copied_from_the_release()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        DeployingSite site = await DeployingSite.CreateAsync(_server, "mkdir shut; echo 1 > shut/a; echo 1 > run; chmod 751 run; chmod 555 shut");
        await site.ZipAsync(("index.html", "front"));

        Assert.Equal(200, (await PublishAsync(site, "type=zip&path=shut&clean=false", ("b", "2"))).Code);

        Assert.Equal("2", site.Read("shut/b"));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal((UnixFileMode)0b101_101_101, File.GetUnixFileMode(Path.Combine(site.Folder.Current, "shut")));
            Assert.Equal((UnixFileMode)0b111_101_001, File.GetUnixFileMode(Path.Combine(site.Folder.Current, "run")));
        }
    }

    [Fact]
    public async Task The_deploy_command_runs_for_the_whole_site_but_not_for_a_part()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server, "echo built >> built");

        Assert.Equal(200, (await PublishAsync(site, "type=zip", ("a", "1"))).Code);
        Reply part = await PublishAsync(site, "type=zip&path=part", (".deployment", "[config]\ncommand = false"), ("b", "2"));

        Assert.Equal(200, part.Code);
        Assert.Equal("built\n", site.Read("built"));
        Assert.Equal("2", site.Read("part/b"));
    }

    [Fact]
    public async Task A_part_can_be_rolled_back_to_and_redeployed_unless_it_failed()
    {
        DeployingSite site = await SiteAsync();
        Reply part = await PublishAsync(site, "type=zip&path=api", ("v", "2"));
        Reply failed = await PublishAsync(site, "type=zip&path=index.html", ("v", "3"));
        await site.ZipAsync(("index.html", "other"));

        Reply back = await _server.PostAsync($"{site.Api}/deployments/rollback", new JsonObject());

        Assert.Equal((200, part["id"]), (back.Code, back["id"]));
        Assert.Equal(["api/v=2", "index.html=front"], Files(site));
        Assert.Equal(200, (await _server.SendAsync(HttpMethod.Put, $"{site.Api}/deployments/{part["id"]}")).Code);
        Assert.Equal(404, (await _server.SendAsync(HttpMethod.Put, $"{site.Api}/deployments/{failed["id"]}")).Code);
    }

    [Fact]
    public async Task Zipdeploy_and_publish_each_have_their_own_default_deployer_and_message()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);

        Reply zip = await site.ZipAsync(("a", "1"));
        Reply one = await PublishAsync(site, "type=zip", ("a", "1"));
        Reply named = await PublishAsync(site, "type=zip&deployer=VSTS&message=m&author=Ann&authorEmail=a@b", ("a", "1"));

        Assert.Equal(("ZipDeploy", "Created via a push deployment", "N/A"), (zip["deployer"], zip["message"], zip["author"]));
        Assert.Equal(("OneDeploy", "OneDeploy", "N/A"), (one["deployer"], one["message"], one["author"]));
        Assert.Equal(("VSTS", "m", "Ann", "a@b"), (named["deployer"], named["message"], named["author"], named["author_email"]));
    }

    [Theory]
    [InlineData("zipdeploy?isAsync=1")]
    [InlineData("zipdeploy?isAsync=True")]
    [InlineData("publish?type=zip&async=true&trackDeploymentProgress=true")]
    [InlineData("publish?type=zip&isAsync=1")]
    [InlineData("publish?type=static&path=x&async=1")]
    public async Task An_asynchronous_deployment_returns_202_with_its_id_and_location(string path)
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);

        Reply reply = await _server.SendAsync(HttpMethod.Post, $"{site.Api}/{path}", Zips.Of(("a", "1")));

        Assert.Equal((202, reply["id"]), (reply.Code, reply.Headers["SCM-DEPLOYMENT-ID"]));
        Assert.Contains("/deployments/latest?deployer=", reply.Headers["Location"], StringComparison.Ordinal);
        Assert.Equal("4", (await site.EndAsync(reply["id"]))["status"]);
    }

    [Theory]
    [InlineData("isAsync=0")]
    [InlineData("isAsync=False")]
    public async Task Zipdeploy_with_isAsync_false_returns_200(string query)
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);

        Assert.Equal(200, (await _server.SendAsync(HttpMethod.Post, $"{site.Api}/zipdeploy?{query}", Zips.Of(("a", "1")))).Code);
    }

    [Fact]
    public async Task An_empty_zip_clears_the_site_or_the_path()
    {
        DeployingSite site = await SiteAsync();

        Assert.Equal(200, (await PublishAsync(site, "type=zip&path=api")).Code);
        Assert.Equal(["index.html=front"], Files(site));
        Assert.Equal(200, (await site.ZipAsync()).Code);
        Assert.Empty(Files(site));
    }

    private async Task<DeployingSite> SiteAsync()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);
        Assert.Equal(200, (await site.ZipAsync(("index.html", "front"), ("api/old", "1"), ("api/keep", "k"))).Code);
        return site;
    }

    private Task<Reply> PublishAsync(DeployingSite site, string query, params IEnumerable<(string Name, string Text)> files) =>
        _server.SendAsync(HttpMethod.Post, $"{site.Api}/publish?{query}", Zips.Of(files));

    private Task<Reply> StaticAsync(DeployingSite site, string query, string text) =>
        _server.SendAsync(HttpMethod.Post, $"{site.Api}/publish?type=static&{query}", new ByteArrayContent(Encoding.UTF8.GetBytes(text)));

    private static string[] Files(DeployingSite site) =>
    [
        .. Directory.GetFiles(site.Folder.Current + "/", "*", SearchOption.AllDirectories)
            .Select(file => $"{Path.GetRelativePath(site.Folder.Current, file)}={File.ReadAllText(file)}").Order(StringComparer.Ordinal),
    ];
}
