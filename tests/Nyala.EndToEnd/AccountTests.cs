using System.Text.Json;
using System.Text.RegularExpressions;
using Nyala.EndToEnd.Support;

namespace Nyala.EndToEnd;

/// <summary>The README's call and post, through stand-ins for Twilio and X.</summary>
public sealed class AccountTests : IDisposable
{
    private readonly Machine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public async Task A_deployment_that_broke_is_a_call_and_one_that_succeeded_is_a_post()
    {
        await using Receiver service = await Receiver.StartAsync();
        string place = service.Url.TrimEnd('/');
        foreach ((string name, string value) in ((string, string)[])[
            ("PHONE__ACCOUNT", "AC42"), ("PHONE__TOKEN", "secret"), ("PHONE__FROM", "+15005550006"), ("PHONE__BASEURL", place),
            ("X__CONSUMERKEY", "app"), ("X__CONSUMERSECRET", "app/secret"), ("X__TOKEN", "user"), ("X__TOKENSECRET", "user secret"), ("X__BASEURL", place)])
        {
            _machine.Variables["NYALA_CHANNELS__" + name] = value;
        }

        await _machine.ServeAsync();
        await _machine.DoneAsync(ReadmeLine("tel:"));
        await _machine.DoneAsync([.. ReadmeLine("https://api.x.com/2/tweets").Select(word => word.Replace("https://api.x.com", place, StringComparison.Ordinal)), "--format", "x"]);

        await _machine.DeployAsync("--branch", "main", "--", "true");
        Received post = await service.NextAsync();
        await _machine.DeployAsync("--branch", "main", "--", "false");
        Received call = await service.NextAsync();

        Assert.Equal("/2/tweets", post.Path);
        Assert.Contains("succeeded", post["text"], StringComparison.Ordinal);
        await CheckSignatureAsync($"{place}/2/tweets", post.Headers["Authorization"]);
        Assert.Equal("/2010-04-01/Accounts/AC42/Calls.json", call.Path);
        Assert.Contains("To=%2B4512345678&From=%2B15005550006&Twiml=", call.Text, StringComparison.Ordinal);
        Assert.Contains("Broken%3A%20deployment%20of%20default%20failed", call.Text, StringComparison.Ordinal);
    }

    /// <summary>Returns the words of the README's command that adds a hook with this URL, without <c>nyala</c> and the comment.</summary>
    private static string[] ReadmeLine(string url)
    {
        string readme = File.ReadAllText(SourceTree.PathOf("README.md"));
        Match line = Regex.Match(readme, $@"^nyala (hooks add {Regex.Escape(url)}[^#\n]*)", RegexOptions.Multiline);
        Assert.True(line.Success);
        return line.Groups[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    private static async Task CheckSignatureAsync(string url, string header)
    {
        string request = JsonSerializer.Serialize(new { method = "POST", url, header, consumer = new { key = "app", secret = "app/secret" }, token = new { key = "user", secret = "user secret" } });
        (int exitCode, string output, string error) = await Tool.RunNodeAsync("oauth.mjs", request);
        Assert.True(exitCode == 0, error);
        JsonElement signatures = JsonElement.Parse(output);
        Assert.Equal(signatures.GetProperty("expected").GetString(), signatures.GetProperty("sent").GetString());
    }
}
