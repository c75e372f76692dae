using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Nyala.Cli.Connection;
using Nyala.Cli.Output;
using Nyala.Client;

namespace Nyala.Cli.Demo;

/// <summary>The steps of the demo. Disposing it stops everything that it started and removes everything that it wrote.</summary>
internal sealed class DemoTour(CommandEnvironment environment) : IAsyncDisposable
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nyala-demo-");
    private DemoServer? _server;
    private DemoReceiver? _receiver;

    /// <summary>The current step, in words.</summary>
    public string Step { get; private set; } = "";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Begin($"Starting a server on {_folder.FullName}");
        _server = new DemoServer(_folder.FullName, environment.Clock);
        LocalServer local = await _server.StartAsync(cancellationToken);
        Tell($"it answers at {ServerAddress.Canonical(local.Address)}");

        Begin("Starting a receiver");
        _receiver = new DemoReceiver();
        Uri url = await _receiver.StartAsync(cancellationToken);
        Tell($"it listens at {url}");

        Begin($"Adding a hook: nyala hooks add {url}");
        Hook hook = await SubscribeAsync(local, url, cancellationToken);
        Tell($"hook {hook.Id} for {hook.Event}, with its own signing secret");

        Begin("Creating a small git repository");
        string repository = await PrepareAsync(cancellationToken);

        Begin("Deploying it: nyala run -- sh deploy.sh");
        await DeployAsync(repository, cancellationToken);

        Begin("Waiting for the webhook");
        DemoRequest request = await _receiver.NextAsync(cancellationToken);
        Show(request);

        Begin("Checking its signature");
        Check(request, hook.Secret);
        environment.Out.WriteLine();
        environment.Out.WriteLine("Done. To run a server: nyala serve");
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        if (_receiver is not null)
        {
            await _receiver.DisposeAsync();
        }

        try
        {
            _folder.Delete(recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            environment.Error.WriteLine($"nyala: {_folder.FullName} could not be removed: {error.Message}");
        }
    }

    private static async Task<Hook> SubscribeAsync(LocalServer local, Uri url, CancellationToken cancellationToken)
    {
        var server = new ServerTarget(local.Address, local.Token, local.DataFolder);
        using NyalaClient client = server.Connect();
        try
        {
            return await client.AddHookAsync(new HookRequest { Url = url.AbsoluteUri }, cancellationToken);
        }
        catch (Exception error) when (ServerFailure.Explain(error, server, cancellationToken) is { } problem)
        {
            throw new CommandFailure(problem);
        }
    }

    private async Task<string> PrepareAsync(CancellationToken cancellationToken)
    {
        (string folder, string? commit, string? problem) = await DemoRepository.CreateAsync(
            Path.Combine(_folder.FullName, "repository"), environment.Variable("PATH"), cancellationToken);
        Tell(commit is null ? $"no repository: {problem}. Continuing without one" : $"commit {commit}");
        return folder;
    }

    private async Task DeployAsync(string repository, CancellationToken cancellationToken)
    {
        using DemoProcess run = DemoProcess.StartNyala(["run", "--", "sh", "deploy.sh"], repository, _folder.FullName, Tell);
        int exitCode = await run.WaitAsync(cancellationToken);
        if (exitCode != 0)
        {
            throw new CommandFailure($"the deployment ended with exit code {exitCode}.");
        }
    }

    private void Show(DemoRequest request)
    {
        Tell("received:");
        environment.Out.WriteLine();
        environment.Out.WriteLine($"  {request.Line}");
        foreach ((string name, string value) in request.Headers)
        {
            environment.Out.WriteLine($"  {name}: {value}");
        }

        environment.Out.WriteLine();
        foreach (string line in Pretty(request.Body).Split('\n'))
        {
            environment.Out.WriteLine($"  {line.TrimEnd('\r')}");
        }

        environment.Out.WriteLine();
    }

    private void Check(DemoRequest request, string? secret)
    {
        WebhookVerdict verdict = secret is null ? WebhookVerdict.NotSigned : new WebhookVerifier(secret).Verify(request.Body, request.Header);
        if (verdict != WebhookVerdict.Genuine)
        {
            throw new CommandFailure($"the webhook's signature is not valid: {verdict}.");
        }

        Tell("valid: signed with the hook's secret, unchanged and recent");
    }

    private static string Pretty(byte[] body)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(body);
            using var buffer = new MemoryStream();
            using (var writer = new Utf8JsonWriter(buffer, Indented))
            {
                json.WriteTo(writer);
            }

            return Encoding.UTF8.GetString(buffer.ToArray());
        }
        catch (JsonException)
        {
            return Encoding.UTF8.GetString(body);
        }
    }

    private void Begin(string step)
    {
        Step = step;
        environment.Out.WriteLine($"* {step}");
    }

    private void Tell(string line) => environment.Out.WriteLine($"    {TerminalText.OneLine(line)}");
}
