using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Nyala.Client;
using Nyala.EndToEnd.Support;

namespace Nyala.EndToEnd;

/// <summary><c>nyala serve</c>: how it starts, what it refuses, how it stops.</summary>
public sealed class ServeTests : IDisposable
{
    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly Machine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public async Task The_server_becomes_ready_on_an_empty_folder()
    {
        long start = Stopwatch.GetTimestamp();
        ServerProcess server = await _machine.ServeAsync();
        TimeSpan took = Stopwatch.GetElapsedTime(start);

        Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync("healthz", TestContext.Current.CancellationToken)).StatusCode);
        TestContext.Current.TestOutputHelper!.WriteLine($"Ready on an empty folder after {took.TotalMilliseconds:0} ms.");
    }

    [Fact]
    public async Task The_files_of_the_server_are_accessible_only_to_its_user()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such modes.");
            return;
        }

        await _machine.ServeAsync();

        Assert.Equal(OwnersFile | UnixFileMode.UserExecute, File.GetUnixFileMode(_machine.Data));
        Assert.Equal(OwnersFile, File.GetUnixFileMode(Path.Combine(_machine.Data, "admin-token")));
        Assert.Equal(OwnersFile, File.GetUnixFileMode(Path.Combine(_machine.State, "nyala", "server.json")));
    }

    [Fact]
    public async Task A_second_server_on_the_same_data_folder_exits_with_1()
    {
        ServerProcess first = await _machine.ServeAsync();

        Assert.Equal(
            (1, "", $"nyala: Another server uses the data folder {_machine.Data}. Stop that server, or specify another folder with --data.\n"),
            await _machine.RunAsync("serve", "--urls", "http://127.0.0.1:0", "--data", _machine.Data));
        Assert.Equal(HttpStatusCode.OK, (await first.Http.GetAsync("healthz", TestContext.Current.CancellationToken)).StatusCode);
        await _machine.DoneAsync("hooks", "list");
    }

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://[::]:0")]
    [InlineData("http://*:0")]
    [InlineData("http://+:0;http://127.0.0.1:0")]
    public async Task Other_commands_find_a_server_that_listens_on_every_address(string urls)
    {
        ServerProcess server = await _machine.ServeAsync(urls);

        Assert.Equal("127.0.0.1", server.Address.Host);
        Assert.Contains(", on every address of this machine\n", server.Greeting, StringComparison.Ordinal);
        Assert.DoesNotContain("0.0.0.0", server.Greeting, StringComparison.Ordinal);
        Assert.DoesNotContain("[::]", server.Greeting, StringComparison.Ordinal);
        Assert.Equal("[]\n", await _machine.DoneAsync("hooks", "list", "--json"));
        Assert.Equal("[]\n", await _machine.DoneAsync("hooks", "list", "--json", "--server", $"http://0.0.0.0:{server.Address.Port}"));
    }

    [Theory]
    [InlineData("http://loopback:0")]
    [InlineData("http://nyala.example:0")]
    [InlineData("http://①②⑦.⓪.⓪.①:0")]
    public async Task Serve_exits_with_1_for_a_host_name_that_would_listen_on_every_address(string url)
    {
        (int exitCode, string output, string error) = await _machine.RunAsync("serve", "--urls", url, "--data", _machine.Data);

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains($"--urls contains '{url}': the host must be an IP address, localhost, or * for every address", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_exits_with_1_and_prints_one_line_if_its_port_is_in_use()
    {
        await using Receiver other = await Receiver.StartAsync();
        string url = other.Url.TrimEnd('/');

        Assert.Equal(
            (1, "", $"nyala: {url} is in use by another program. Stop that program, or specify another address with --urls.\n"),
            await _machine.RunAsync("serve", "--urls", url, "--data", _machine.Data));
    }

    [Fact]
    public async Task All_invalid_options_are_reported_at_once()
    {
        await File.WriteAllTextAsync(Path.Combine(_machine.Work, "nyala.json"), """{ "Outbound": { "Alow": [] } }""", TestContext.Current.CancellationToken);
        _machine.Variables["NYALA_DELIVERY__LIFE"] = "5";
        _machine.Variables["NYALA_DELIVERY__INFLIGHTPERHOOK"] = "0";
        _machine.Variables["NYALA_ADMIN_TOKEN"] = "short";

        (int exitCode, string output, string error) = await _machine.RunAsync("serve", "--urls", "ftp://here", "--data", _machine.Data);

        Assert.Equal((1, ""), (exitCode, output));
        string[] lines = error.TrimEnd('\n').Split('\n');
        Assert.Equal("nyala: the configuration is not valid:", lines[0]);
        Assert.Equal(
            ["--urls", "NYALA_ADMIN_TOKEN", "NYALA_DELIVERY__INFLIGHTPERHOOK", "NYALA_DELIVERY__LIFE", "Outbound:Alow"],
            lines[1..].Select(line => line.TrimStart().Split(' ')[0]).Order(StringComparer.OrdinalIgnoreCase));
        Assert.False(Directory.Exists(_machine.Data));
    }

    [Theory]
    [InlineData("NYALA_DATA", "NYALA_Data")]
    [InlineData("NYALA_URLS", "NYALA_Urls")]
    public async Task Serve_exits_with_1_and_names_two_variables_that_differ_only_in_case(string one, string other)
    {
        (_machine.Variables[one], _machine.Variables[other]) = (_machine.Data, _machine.Data);

        Assert.Equal(
            (1, "", $"nyala: the configuration is not valid:\n  {one} and {other} set the same option. Remove one of them.\n"),
            await _machine.RunAsync("serve", "--urls", "http://127.0.0.1:0"));
    }

    [Theory]
    [InlineData("rm keys/*", "The secrets in nyala.db are encrypted with keys that are not in ")]
    [InlineData("rm nyala.db-wal", "was in use when it was copied")]
    [InlineData("printf xxxx | dd of=nyala.db conv=notrunc status=none", "is not a SQLite database, or its beginning is damaged")]
    public async Task Serve_exits_with_1_and_prints_one_line_if_the_data_folder_is_incomplete(string damage, string said)
    {
        ServerProcess server = await _machine.ServeAsync();
        await server.Client.AddHookAsync(new HookRequest { Url = "http://127.0.0.1:9/" }, TestContext.Current.CancellationToken);
        await server.KillAsync();
        using (Process shell = Process.Start("sh", ["-c", $"cd '{_machine.Data}' && {damage}"]))
        {
            await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        (int exitCode, string output, string error) = await _machine.RunAsync("serve", "--urls", "http://127.0.0.1:0", "--data", _machine.Data);

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains(said, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task No_token_is_sent_to_a_program_that_took_over_the_port_of_a_killed_server()
    {
        ServerProcess server = await _machine.ServeAsync();
        await _machine.DoneAsync("hooks", "list");
        await server.KillAsync();
        await using Receiver other = await Receiver.OnAsync(server.Address.Port);

        _machine.Variables["NYALA_TOKEN"] = "nyala_a-token-of-the-users-own";
        (int exitCode, _, string error) = await _machine.RunAsync("hooks", "list");
        Assert.Equal(1, exitCode);
        Assert.Contains("does not hold the data folder", error, StringComparison.Ordinal);
        _machine.Variables.Remove("NYALA_TOKEN");
        Assert.Equal(1, (await _machine.RunAsync("hooks", "list", "--server", server.Address.AbsoluteUri)).ExitCode);
        Assert.Equal(1, (await _machine.RunAsync("deploy", ".")).ExitCode);

        for (int asked = 0; asked < 2; asked++)
        {
            Received received = await other.NextAsync();
            Assert.Equal("/healthz/holder", received.Path);
            Assert.DoesNotContain("Authorization", received.Headers.Keys, StringComparer.OrdinalIgnoreCase);
        }

        while (other.HasMore)
        {
            Assert.DoesNotContain("Authorization", (await other.NextAsync()).Headers.Keys, StringComparer.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task A_program_that_relays_everything_to_the_server_is_not_accepted_as_the_server()
    {
        ServerProcess server = await _machine.ServeAsync();
        await using var relay = new Ferry(server.Address, most: int.MaxValue);
        string left = Path.Combine(_machine.State, "nyala", "server.json");
        string ours = await File.ReadAllTextAsync(left, TestContext.Current.CancellationToken);
        string theirs = ours.Replace(server.Address.Authority, relay.Authority, StringComparison.Ordinal);
        Assert.NotEqual(ours, theirs);
        await File.WriteAllTextAsync(left, theirs, TestContext.Current.CancellationToken);

        (int exitCode, _, string error) = await _machine.RunAsync("hooks", "list");

        Assert.Equal(1, exitCode);
        Assert.Contains("does not hold the data folder", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_holder_proof_is_different_for_another_nonce_and_for_another_server()
    {
        ServerProcess server = await _machine.ServeAsync();
        using var http = new HttpClient { BaseAddress = server.Address };
        string here = await http.GetStringAsync("healthz/holder?nonce=abc", TestContext.Current.CancellationToken);
        ServerProcess elsewhere = await ServerProcess.GreetedAsync(
            _machine.Start("serve", "--urls", "http://127.0.0.1:0", "--data", Path.Combine(_machine.Work, "other")), Path.Combine(_machine.Work, "other"));
        using var other = new HttpClient { BaseAddress = elsewhere.Address };

        Assert.Equal(here, await http.GetStringAsync("healthz/holder?nonce=abc", TestContext.Current.CancellationToken));
        Assert.NotEqual(here, await http.GetStringAsync("healthz/holder?nonce=abd", TestContext.Current.CancellationToken));
        Assert.NotEqual(here, await other.GetStringAsync("healthz/holder?nonce=abc", TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.BadRequest, (await http.GetAsync("healthz/holder", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Proxies_from_environment_variables_are_not_used()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        string[] names = ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"];
        foreach (string name in names)
        {
            _machine.Variables[name] = $"http://127.0.0.1:{FreePort.Next()}";
        }

        ServerProcess server = await _machine.ServeAsync();
        await server.Client.AddHookAsync(new HookRequest { Url = receiver.Url, Event = "Some" }, TestContext.Current.CancellationToken);
        using var body = new StringContent("{}", Encoding.UTF8, "application/json");
        await server.Http.PostAsync("api/hooks/publish/Some", body, TestContext.Current.CancellationToken);

        Assert.Equal("Some", (await receiver.NextAsync()).Headers["Nyala-Event"]);
    }

    [Fact]
    public async Task The_admin_token_from_the_environment_is_accepted()
    {
        const string Chosen = "chosen-by-the-operator";
        _machine.Variables["NYALA_ADMIN_TOKEN"] = Chosen;
        ServerProcess server = await _machine.ServeAsync();

        Assert.DoesNotContain(Chosen, server.Greeting, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, new AuthenticationHeaderValue("Bearer", Chosen)));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("any:" + Chosen)))));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(server, new AuthenticationHeaderValue("Bearer", Chosen + "!")));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(server, null));
        await _machine.DoneAsync("hooks", "list");
    }

    [Fact]
    public async Task SIGTERM_lets_the_attempt_in_flight_end_and_records_its_outcome()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Hold();
        ServerProcess server = await _machine.ServeAsync();
        Hook hook = await server.Client.AddHookAsync(new HookRequest { Url = receiver.Url, Event = "Built" }, TestContext.Current.CancellationToken);
        Assert.True(await server.AcceptsAsync("Built", """{"number":1}"""));
        Received inFlight = await receiver.NextAsync();

        server.Terminate();
        await RefusesAsync(server).InTimeAsync();

        // A slow receiver, so that the server is in the middle of its stop when the response comes.
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, TestContext.Current.CancellationToken);
        receiver.Release();
        Assert.Equal(0, (await server.EndAsync()).ExitCode);
        Assert.False(File.Exists(Path.Combine(_machine.State, "nyala", "server.json")));

        server = await _machine.ServeAsync();
        Hook kept = await server.Client.GetHookAsync(hook.Id, TestContext.Current.CancellationToken);
        Assert.Equal(("OK", """{"number":1}"""), (kept.LastStatus, kept.LastContext));

        // The event is not sent again: the next request that comes is for the next event.
        await server.Client.PublishAsync("Built", """{"number":2}"""u8.ToArray(), cancellationToken: TestContext.Current.CancellationToken);
        Received next = await receiver.NextAsync();
        Assert.Equal(("""{"number":2}""", false), (next.Text, receiver.HasMore));
        Assert.NotEqual(inFlight.WebhookId, next.WebhookId);
    }

    [Fact]
    public async Task SIGTERM_before_the_server_is_ready_stops_it()
    {
        NyalaProcess server = _machine.Start("serve", "--urls", "http://127.0.0.1:0", "--data", _machine.Data);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!File.Exists(Path.Combine(_machine.Data, "nyala.db")) && !server.HasEnded)
        {
            await look.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        server.Signal("TERM");

        (int exitCode, _, string error) = await server.EndAsync();
        Assert.Equal((0, ""), (exitCode, error));
    }

    [Fact]
    public async Task SIGTERM_under_load_completes_waiting_requests_and_accepts_no_new_ones()
    {
        const int Publishers = 8;
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Hold();
        ServerProcess server = await _machine.ServeAsync();
        await server.Client.AddHookAsync(new HookRequest { Url = receiver.Url, Event = "Built" }, TestContext.Current.CancellationToken);
        Task<HttpStatusCode>[] waiting = [.. Enumerable.Range(0, Publishers).Select(_ => PublishAsync(server))];
        var inFlight = new HashSet<string>();
        while (inFlight.Count < Publishers)
        {
            inFlight.Add((await receiver.NextAsync()).WebhookId);
        }

        server.Terminate();
        await RefusesAsync(server).InTimeAsync();
        Assert.All(waiting, publisher => Assert.False(publisher.IsCompleted));
        receiver.Release();

        Assert.All(await Task.WhenAll(waiting).InTimeAsync(), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(0, (await server.EndAsync()).ExitCode);
        Assert.False(receiver.HasMore);
    }

    [Fact]
    public async Task A_second_SIGTERM_ends_the_server_and_the_delivery_that_it_cuts_off_is_sent_again()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Hold();
        ServerProcess server = await _machine.ServeAsync();
        await server.Client.AddHookAsync(new HookRequest { Url = receiver.Url, Event = "Built" }, TestContext.Current.CancellationToken);
        Assert.True(await server.AcceptsAsync("Built", "{}"));
        Received cutOff = await receiver.NextAsync();

        server.Terminate();
        await RefusesAsync(server).InTimeAsync();
        server.Terminate();

        Assert.Equal(128 + 15, (await server.EndAsync()).ExitCode);
        receiver.Release();
        await _machine.ServeAsync();
        Assert.Equal(cutOff.WebhookId, (await receiver.NextAsync()).WebhookId);
    }

    private static async Task<HttpStatusCode> PublishAsync(ServerProcess server)
    {
        using var body = new StringContent("{}", Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await server.Http.PostAsync("api/hooks/publish/Built", body, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private static async Task<HttpStatusCode> StatusAsync(ServerProcess server, AuthenticationHeaderValue? authorization)
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        http.DefaultRequestHeaders.Authorization = authorization;
        return (await http.GetAsync("api/hooks", TestContext.Current.CancellationToken)).StatusCode;
    }

    /// <summary>Waits until the server accepts no more connections.</summary>
    private static async Task<bool> RefusesAsync(ServerProcess server)
    {
        using var http = new HttpClient { BaseAddress = server.Address, DefaultRequestHeaders = { ConnectionClose = true } };
        try
        {
            while (true)
            {
                using HttpResponseMessage answer = await http.GetAsync("healthz", TestContext.Current.CancellationToken);
            }
        }
        catch (HttpRequestException)
        {
            return true;
        }
    }
}
