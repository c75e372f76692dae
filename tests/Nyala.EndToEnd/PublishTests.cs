using Nyala.Client;
using Nyala.EndToEnd.Support;

namespace Nyala.EndToEnd;

/// <summary>The ZipDeploy of the .NET SDK (<c>dotnet publish</c> of a web app) works unchanged.</summary>
public sealed class PublishTests(PublishTests.WebApp app) : IClassFixture<PublishTests.WebApp>, IDisposable
{
    private readonly Machine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public async Task Dotnet_publish_deploys_a_web_app_and_a_webhook_is_sent()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        ServerProcess server = await _machine.ServeAsync();
        await server.Client.AddHookAsync(new HookRequest { Url = receiver.Url }, TestContext.Current.CancellationToken);

        (int exitCode, string output, string error) = await app.PublishAsync(server);

        Assert.True(exitCode == 0, output + error);
        Assert.Contains("Zip Deployment succeeded.", output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_machine.Current, "Shop.dll")));
        Received callback = await receiver.NextAsync();
        Assert.Equal(("success", "ZipDeploy", "default"), (callback["status"], callback["deployer"], callback["siteName"]));
    }

    [Fact]
    public async Task Dotnet_publish_fails_if_the_deployment_fails_and_names_the_log()
    {
        ServerProcess server = await _machine.ServeAsync();

        (int exitCode, string output, _) = await app.PublishAsync(server, "-p:Broken=true");

        Assert.Equal(1, exitCode);
        Deployment failed = Assert.Single(await server.Client.ListDeploymentsAsync(cancellationToken: TestContext.Current.CancellationToken));
        Assert.Matches($"error : .* failed with HTTP status code 'Failed'.*/api/deployments/{failed.Id}/log", output);
        Assert.False(Path.Exists(_machine.Current));
    }

    /// <summary>A small web app without packages, which is built once.</summary>
    public sealed class WebApp : IAsyncLifetime
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nyala-webapp-");

        private string Project => Path.Combine(_folder.FullName, "Shop.csproj");

        public async ValueTask InitializeAsync()
        {
            await WriteAsync("Shop.csproj", """
                <Project Sdk="Microsoft.NET.Sdk.Web">
                  <PropertyGroup>
                    <TargetFramework>net10.0</TargetFramework>
                    <UseAppHost>false</UseAppHost>
                  </PropertyGroup>
                  <ItemGroup Condition="'$(Broken)' == 'true'">
                    <Content Include="broken/.deployment" Link=".deployment" CopyToPublishDirectory="Always" />
                  </ItemGroup>
                </Project>
                """);
            await WriteAsync("Program.cs", "Microsoft.AspNetCore.Builder.WebApplication.Create(args).Run();");
            await WriteAsync("broken/.deployment", "[config]\ncommand = echo no such thing >&2; exit 3\n");
            (int exitCode, string output, string error) = await DotnetAsync("build");
            Assert.True(exitCode == 0, output + error);
        }

        public ValueTask DisposeAsync()
        {
            _folder.Delete(recursive: true);
            return ValueTask.CompletedTask;
        }

        internal Task<(int ExitCode, string Out, string Error)> PublishAsync(ServerProcess server, params string[] properties) => DotnetAsync(
            "publish",
            [
                "--no-build", "-p:WebPublishMethod=ZipDeploy", "-p:PublishProtocol=ZipDeploy", $"-p:PublishUrl={server.Address}", "-p:UserName=anyone",
                $"-p:Password={server.Token}", .. properties,
            ]);

        private async Task<(int ExitCode, string Out, string Error)> DotnetAsync(string verb, params string[] args) => (await Tool.RunAsync(
            "dotnet", [verb, Project, "-c", "Release", "-nologo", "-nodeReuse:false", "-p:UseSharedCompilation=false", .. args], ""))!.Value;

        private async Task WriteAsync(string name, string text)
        {
            string path = Path.Combine(_folder.FullName, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
        }
    }
}
