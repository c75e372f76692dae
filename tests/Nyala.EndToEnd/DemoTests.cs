using Nyala.EndToEnd.Support;

namespace Nyala.EndToEnd;

public sealed class DemoTests : IDisposable
{
    private readonly Machine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public async Task The_demo_shows_a_signed_webhook_of_a_deployment_and_exits_with_0()
    {
        (int exitCode, string output, string error) = await _machine.RunAsync("demo");

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("  POST /deployed HTTP/1.1\n", output, StringComparison.Ordinal);
        Assert.Contains("    \"status\": \"success\",\n", output, StringComparison.Ordinal);
        Assert.Contains("valid: signed with the hook's secret", output, StringComparison.Ordinal);
        Assert.EndsWith("Done. To run a server: nyala serve\n", output, StringComparison.Ordinal);
    }
}
