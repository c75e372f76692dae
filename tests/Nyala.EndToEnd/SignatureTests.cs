using Nyala.EndToEnd.Support;

namespace Nyala.EndToEnd;

/// <summary>The npm package <c>standardwebhooks</c> verifies the signatures of a server.</summary>
public sealed class SignatureTests : IDisposable
{
    private readonly Machine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public async Task The_npm_package_standardwebhooks_verifies_a_delivery() => Assert.Equal(
        (0, "{\"what\":\"café ☕\",\"n\":1}\n", ""), await VerifyAsync(await SignedRequest.TakeAsync(_machine)));

    [Fact]
    public async Task The_npm_package_standardwebhooks_rejects_a_changed_body() => Assert.Equal(
        (1, "", "No matching signature found\n"),
        await VerifyAsync(await SignedRequest.TakeAsync(_machine, body => body.Replace("1.0", "1.1", StringComparison.Ordinal))));

    private static Task<(int ExitCode, string Out, string Error)> VerifyAsync(string request) => Tool.RunNodeAsync("verify.mjs", request);
}
