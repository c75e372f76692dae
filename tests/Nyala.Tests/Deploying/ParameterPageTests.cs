using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deploying;

/// <summary>Checks the table of parameters in <c>docs/kudu-compatibility.md</c>: each row is tried on a server.</summary>
public sealed partial class ParameterPageTests : IAsyncLifetime
{
    private const string Zip = "`zipdeploy`", ZipBody = "`zipdeploy` body", One = "`publish`", OneBody = "`publish` body", Record = "`PUT deployments/{id}` body", Head = "`PUT deployments` body";
    private const string Latest = "`deployments/latest`", Deploy = "`deploy`", DeployBody = "`deploy` body", Settings = "`settings` body", Hooks = "`hooks` body";

    private readonly TestServer _server;
    private readonly Dictionary<string, Func<Task>> _honored;
    private WebApplication? _host;

    public ParameterPageTests(SharedServer shared)
    {
        _server = shared.Server;
        _honored = new()
        {
            [$"{Zip} isAsync"] = async () => Assert.Equal(202, (await ZipAsync("zipdeploy?isAsync=1")).Code),
            [$"{Zip} author"] = async () => Assert.Equal("Ann", (await ZipAsync("zipdeploy?author=Ann"))["author"]),
            [$"{Zip} authorEmail"] = async () => Assert.Equal("a@b", (await ZipAsync("zipdeploy?authorEmail=a@b"))["author_email"]),
            [$"{Zip} deployer"] = async () => Assert.Equal("Ann", (await ZipAsync("zipdeploy?deployer=Ann"))["deployer"]),
            [$"{Zip} message"] = async () => Assert.Equal("Ann", (await ZipAsync("zipdeploy?message=Ann"))["message"]),
            [$"{ZipBody} packageUri"] = () => PackageAsync("zipdeploy"),
            [$"{One} type=zip"] = async () => Assert.Equal(200, (await ZipAsync("publish?type=zip")).Code),
            [$"{One} type=static"] = async () => Assert.True(File.Exists(Path.Combine(await DeployedAsync("publish?type=static&path=x"), "x"))),
            [$"{One} async"] = async () => Assert.Equal(202, (await ZipAsync("publish?async=1")).Code),
            [$"{One} path"] = async () => Assert.True(File.Exists(Path.Combine(await DeployedAsync("publish?path=sub"), "sub/new"))),
            [$"{One} clean"] = async () =>
            {
                Assert.False(File.Exists(Path.Combine(await DeployedAsync("publish?clean=true"), "old")));
                Assert.True(File.Exists(Path.Combine(await DeployedAsync("publish?clean=false"), "old")));
            },
            [$"{OneBody} packageUri"] = () => PackageAsync("publish"),
            ["`PUT deployments/{id}` isAsync"] = async () =>
            {
                DeployingSite site = await DeployingSite.CreateAsync(_server);
                string id = (await site.ZipAsync(("old", "1")))["id"];
                Assert.Equal(202, (await _server.SendAsync(HttpMethod.Put, $"{site.Api}/deployments/{id}?isAsync=1")).Code);
            },
            ["`PUT deployments` isAsync"] = async () =>
            {
                DeployingSite site = await DeployingSite.CreateAsync(_server);
                await site.ZipAsync(("old", "1"));
                Assert.Equal(202, (await _server.SendAsync(HttpMethod.Put, $"{site.Api}/deployments?isAsync=1")).Code);
            },
            [$"{Record} status"] = () => ReportedAsync("status", 3, "3"),
            [$"{Record} message"] = () => ReportedAsync("message", "Changed", "Changed"),
            [$"{Record} deployer"] = () => ReportedAsync("deployer", "Changed", "Changed"),
            [$"{Record} author"] = () => ReportedAsync("author", "Changed", "Changed"),
            [$"{Record} author_email"] = () => ReportedAsync("author_email", "Changed", "Changed"),
            [$"{Record} start_time"] = () => ReportedAsync("start_time", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
            [$"{Record} end_time"] = () => ReportedAsync("end_time", "2126-01-01T00:00:00Z", "2126-01-01T00:00:00Z"),
            [$"{Record} active"] = () => ReportedAsync("active", false, "False"),
            [$"{Record} details"] = DetailsAsync,
            [$"{Latest} deployer"] = () => LatestAsync("deployer=first", "first"),
            [$"{Latest} time"] = () => LatestAsync("deployer=first&time=2126-01-01T00:00:00Z", "second"),
            [$"{Deploy} isAsync"] = async () => Assert.Contains("'isAsync' must be", (await DeployAsync("?isAsync=perhaps", """{"format":"basic"}""")).Reason, StringComparison.Ordinal),
            [$"{DeployBody} format"] = async () => Assert.Contains("The format of the body is not supported.", (await DeployAsync("", """{"url":"https://example.com/x.git"}""")).Reason, StringComparison.Ordinal),
            [$"{DeployBody} url"] = async () => Assert.Contains("'url' is missing", (await DeployAsync("", """{"format":"basic"}""")).Reason, StringComparison.Ordinal),
            [$"{Settings} key"] = SettingAsync,
            [$"{Settings} value"] = SettingAsync,
            [$"{Hooks} event"] = async () => Assert.Equal("Other", (await HookAsync("event", "Other"))["event"]),
            [$"{Hooks} url"] = async () => Assert.Equal("http://127.0.0.1:9/other", (await HookAsync("url", "http://127.0.0.1:9/other"))["url"]),
            [$"{Hooks} insecure_ssl"] = async () => Assert.Equal("True", (await HookAsync("insecure_ssl", true))["insecure_ssl"]),
        };
    }

    public static TheoryData<string, string, string> Rows()
    {
        var rows = new TheoryData<string, string, string>();
        foreach (Match row in File.ReadLines(Repository.File("docs/kudu-compatibility.md")).Select(line => Row().Match(line)).Where(match => match.Success))
        {
            rows.Add(row.Groups["request"].Value, row.Groups["parameter"].Value, row.Groups["verdict"].Value);
        }

        return rows;
    }

    public async ValueTask InitializeAsync()
    {
        byte[] zip = await Zips.Of(("new", "1")).ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _host = builder.Build();
        _host.Run(context => context.Response.Body.WriteAsync(zip).AsTask());
        await _host.StartAsync(TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => _host!.DisposeAsync();

    [Fact]
    public void The_table_has_each_parameter_once_and_a_check_for_each_honored_one()
    {
        (string Request, string Parameter, string Verdict)[] rows = [.. Rows().Select(row => row.Data)];

        Assert.True(rows.Length >= 55, $"{rows.Length} rows.");
        Assert.Equal(rows.Length, rows.Select(row => (row.Request, row.Parameter)).Distinct().Count());
        Assert.Equal(_honored.Keys.Order(), rows.Where(row => row.Verdict == "honored").Select(row => $"{row.Request} {row.Parameter}").Order());
    }

    [Theory, MemberData(nameof(Rows))]
    public async Task Each_parameter_behaves_as_the_table_says(string request, string parameter, string verdict)
    {
        if (verdict == "honored")
        {
            await _honored[$"{request} {parameter}"]();
            return;
        }

        Reply with = await SendAsync(request, parameter);
        if (verdict == "refused")
        {
            Assert.Equal(400, with.Code);
            Assert.Contains(parameter == "scm" ? "Mercurial" : $"'{parameter}", with.Reason, StringComparison.Ordinal);
            return;
        }

        Assert.Equal((await SendAsync(request, null)).Code, with.Code);
        Assert.InRange(with.Code, 200, 201);
        Assert.True(request != Hooks || with[parameter] != Value(parameter).ToString(), $"'{parameter}' was taken.");
    }

    /// <summary>Sends a valid request of the table, with <paramref name="parameter"/> added unless it is null.</summary>
    private async Task<Reply> SendAsync(string request, string? parameter)
    {
        switch (request)
        {
            case Zip:
            case One:
                string query = parameter is null ? "" : parameter.Contains('=', StringComparison.Ordinal) ? parameter : $"{parameter}={Value(parameter)}";
                return await ZipAsync($"{request.Trim('`')}?{query}");
            case ZipBody:
            case OneBody:
                return await PostAsync(request == ZipBody ? "zipdeploy" : "publish", new() { ["packageUri"] = Package }, parameter);
            case Record:
            case Head:
                DeployingSite site = await DeployingSite.CreateAsync(_server);
                string id = (await site.ZipAsync(("old", "1")))["id"];
                return await _server.PutAsync($"{site.Api}/deployments{(request == Record ? "/" + id : "")}", With([], parameter));
            case DeployBody:
                return await PostAsync("deploy", new() { ["format"] = "basic", ["url"] = "https://example.com/x.git" }, parameter);
            case Hooks:
                return await PostAsync("hooks", Some.Hook(), parameter);
            default:
                throw new InvalidOperationException($"There is no request '{request}' to try.");
        }
    }

    private string Package => _host!.Urls.First() + "/site.zip";

    private static JsonNode Value(string parameter) => parameter switch
    {
        "trackDeploymentProgress" or "trackDeploymentId" or "clean" or "reset" or "ignoreStack" => JsonValue.Create(true),
        "restart" or "needFileUpdate" => JsonValue.Create(false),
        "status" => JsonValue.Create(4),
        "scm" => JsonValue.Create("hg"),
        "properties" => new JsonObject { ["type"] = "zip" },
        "last_datetime" => JsonValue.Create("2026-01-01T00:00:00"),
        _ => JsonValue.Create("777"),
    };

    private static JsonObject With(JsonObject body, string? parameter)
    {
        if (parameter is not null)
        {
            body[parameter] = Value(parameter);
        }

        return body;
    }

    private async Task<Reply> PostAsync(string path, JsonObject body, string? parameter) =>
        await _server.PostAsync($"{(await DeployingSite.CreateAsync(_server)).Api}/{path}", With(body, parameter));

    private async Task<Reply> ZipAsync(string path) =>
        await _server.SendAsync(HttpMethod.Post, $"{(await DeployingSite.CreateAsync(_server)).Api}/{path}", Zips.Of(("new", "1")));

    /// <summary>Deploys to a site that has one file, and returns the folder of its current release.</summary>
    private async Task<string> DeployedAsync(string path)
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);
        await site.ZipAsync(("old", "1"));
        Assert.Equal(200, (await _server.SendAsync(HttpMethod.Post, $"{site.Api}/{path}", Zips.Of(("new", "1")))).Code);
        return site.Folder.Current;
    }

    private async Task PackageAsync(string path)
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);
        Assert.Equal(200, (await _server.PostAsync($"{site.Api}/{path}", new JsonObject { ["packageUri"] = Package })).Code);
        Assert.Equal("1", site.Read("new"));
    }

    private async Task ReportedAsync(string field, JsonNode value, string read)
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);
        JsonObject report = Some.Report();
        report[field] = value;
        Reply reply = await _server.PutAsync($"{site.Api}/deployments/one", report);

        Assert.Equal(200, reply.Code);
        Assert.StartsWith(read.TrimEnd('Z'), reply[field], StringComparison.Ordinal);
    }

    private async Task DetailsAsync()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);
        JsonObject report = Some.Report();
        report["details"] = "some details";
        await _server.PutAsync($"{site.Api}/deployments/one", report);

        string entry = (await _server.GetAsync($"{site.Api}/deployments/one/log")).Json[0].GetProperty("id").GetString()!;
        string log = (await _server.GetAsync($"{site.Api}/deployments/one/log")).Text + (await _server.GetAsync($"{site.Api}/deployments/one/log/{entry}")).Text;
        Assert.Contains("some details", log, StringComparison.Ordinal);
    }

    private async Task LatestAsync(string query, string deployer)
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);
        foreach (string one in (string[])["first", "second"])
        {
            await _server.SendAsync(HttpMethod.Post, $"{site.Api}/zipdeploy?deployer={one}", Zips.Of(("new", "1")));
        }

        Assert.Equal(deployer, (await _server.GetAsync($"{site.Api}/deployments/latest?{query}"))["deployer"]);
    }

    private async Task<Reply> DeployAsync(string query, string body) =>
        await _server.SendAsync(HttpMethod.Post, $"{(await DeployingSite.CreateAsync(_server)).Api}/deploy{query}", body);

    private async Task SettingAsync()
    {
        DeployingSite site = await DeployingSite.CreateAsync(_server);
        Assert.Equal(204, (await _server.PostAsync($"{site.Api}/settings", new JsonObject { ["key"] = "COLOR", ["value"] = "blue" })).Code);
        Assert.Contains("blue", (await _server.GetAsync($"{site.Api}/settings/COLOR")).Text, StringComparison.Ordinal);
    }

    private async Task<Reply> HookAsync(string field, JsonNode value)
    {
        JsonObject hook = Some.Hook();
        hook[field] = value;
        return await PostAsync("hooks", hook, null);
    }

    [GeneratedRegex(@"^\| (?<request>`[^`]+`( body)?) \| `(?<parameter>[^`]+)` \| (?<verdict>honored|refused|harmless) \|")]
    private static partial Regex Row();
}
