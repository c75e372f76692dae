using Nyala.Cli.Connection;
using Nyala.Tests.Cli.Support;

namespace Nyala.Tests.Cli;

public sealed class ServerChoiceTests
{
    private static readonly LocalServer Local = new(new Uri("http://127.0.0.1:8484"), "local-token", "/data");

    [Fact]
    public void The_local_server_and_its_token_are_the_default() =>
        Assert.Equal(new ServerTarget(Local.Address, "local-token", "/data"), Of().Server);

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("http://127.0.0.1:8485")]
    [InlineData("https://127.0.0.1:8484")]
    [InlineData("http://127.0.0.1:8484/other")]
    public void The_local_token_is_not_sent_to_another_address(string address)
    {
        Assert.Null(Of(serverOption: address).Server!.Token);
        Assert.Null(Of(serverVariable: address).Server!.Token);
    }

    [Theory]
    [InlineData("http://127.0.0.1:8484")]
    [InlineData("HTTP://127.0.0.1:8484/")]
    public void The_local_token_is_used_if_the_local_server_is_named_by_its_address(string address) =>
        Assert.Equal("local-token", Of(serverOption: address).Server!.Token);

    [Fact]
    public void Options_override_environment_variables() => Assert.Equal(
        new ServerTarget(new Uri("http://a.example"), "t1"),
        Of(serverOption: "http://a.example", tokenOption: "t1", serverVariable: "http://b.example", tokenVariable: "t2").Server);

    [Theory]
    [InlineData("localhost:8484")]
    [InlineData("ftp://a.example")]
    [InlineData("http://user:secret@a.example")]
    [InlineData("http://a.example/?x=1")]
    public void An_invalid_server_option_is_wrong_usage_and_is_not_repeated(string address)
    {
        ServerChoice choice = Of(serverOption: address);

        Assert.True(choice.WrongUsage);
        Assert.Null(choice.Server);
        Assert.StartsWith("--server must be an absolute http or https URL", choice.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", choice.Problem, StringComparison.Ordinal);
        Assert.False(Of(serverVariable: address).WrongUsage);
    }

    [Fact]
    public void Without_a_server_the_problem_says_what_to_do()
    {
        var choice = ServerChoice.Of(null, null, null, "t", () => null);

        Assert.Equal("no server found. Start one with \"nyala serve\", or specify one with --server or NYALA_SERVER.", choice.Problem);
        Assert.False(choice.WrongUsage);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"url":7}""")]
    [InlineData("""{"url":"nonsense"}""")]
    [InlineData("""{"url":"http://127.0.0.1:8484"}""")]
    public void A_missing_or_incomplete_file_of_the_local_server_is_ignored(string? content)
    {
        using var state = new TempFolder();
        if (content is not null)
        {
            File.WriteAllText(state.In(LocalServer.FileName), content);
        }

        Assert.Null(LocalServer.Find(state.Path));
    }

    [Fact]
    public void The_local_server_is_found_with_the_token_in_its_data_folder()
    {
        using var state = new TempFolder();
        Directory.CreateDirectory(state.In("data"));
        File.WriteAllText(state.In("data", "admin-token"), "the-token\nmore\n");
        File.WriteAllText(state.In(LocalServer.FileName), $$"""{"url":"http://127.0.0.1:8484","data":"{{state.In("data")}}"}""");

        Assert.Equal(new LocalServer(new Uri("http://127.0.0.1:8484"), "the-token", state.In("data")), LocalServer.Find(state.Path));
    }

    private static ServerChoice Of(string? serverOption = null, string? tokenOption = null, string? serverVariable = null, string? tokenVariable = null) =>
        ServerChoice.Of(serverOption, tokenOption, serverVariable, tokenVariable, () => Local);
}
