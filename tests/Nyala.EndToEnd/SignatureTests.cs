using Nyala.EndToEnd.Support;

namespace Nyala.EndToEnd;

/// <summary>What a server signs, <c>standardwebhooks</c> of npm verifies.</summary>
public sealed class SignatureTests : IDisposable
{
    private readonly Machine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public async Task Standardwebhooks_of_npm_verifies_a_delivery() => Assert.Equal(
        (0, "{\"what\":\"café ☕\",\"n\":1}\n", ""), await VerifyAsync(await SignedRequest.TakeAsync(_machine)));

    [Fact]
    public async Task Standardwebhooks_of_npm_refuses_a_changed_body() => Assert.Equal(
        (1, "", "No matching signature found\n"),
        await VerifyAsync(await SignedRequest.TakeAsync(_machine, body => body.Replace("1.0", "1.1", StringComparison.Ordinal))));

    private static Task<(int ExitCode, string Out, string Error)> VerifyAsync(string request) => Tool.RunNodeAsync("verify.mjs", request);
}
