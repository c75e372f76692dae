using System.Diagnostics;
using Nyala.Tests.Support;

namespace Nyala.Tests.Outbound;

/// <summary>An <c>openssl s_server</c> that requires a client certificate.</summary>
internal sealed class OpenSslServer : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nyala-tls-").FullName;
    private readonly Process _process;
    private readonly int _port = FreePort.Next();

    public OpenSslServer(string certificateWithKey, string version)
    {
        string file = Path.Combine(_folder, "receiver.pem");
        File.WriteAllText(file, certificateWithKey);
        var start = new ProcessStartInfo("openssl", ["s_server", "-cert", file, "-key", file, "-Verify", "1", "-www", version, "-accept", $"127.0.0.1:{_port}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        _process = Process.Start(start)!;
    }

    public Uri Url => new($"https://127.0.0.1:{_port}/");

    /// <summary>Waits until the server reports that it accepts connections.</summary>
    public async Task ListensAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().InTimeAsync() is { } line && line != "ACCEPT")
        {
        }
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
