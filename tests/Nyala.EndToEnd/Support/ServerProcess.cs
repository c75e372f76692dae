using System.Net.Http.Headers;
using Nyala.Client;

namespace Nyala.EndToEnd.Support;

/// <summary>A server as a separate process, with clients for it. The process ends with its machine.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly NyalaProcess _process;

    private ServerProcess(NyalaProcess process, string greeting, Uri address, string token)
    {
        (_process, Greeting, Address, Token) = (process, greeting, address, token);
        Client = new NyalaClient(address, token);
        Http = new HttpClient { BaseAddress = address };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>The output that the server printed when it was ready.</summary>
    public string Greeting { get; }

    public Uri Address { get; }

    /// <summary>The admin token.</summary>
    public string Token { get; }

    /// <summary>The client of the product, with the admin token.</summary>
    public NyalaClient Client { get; }

    /// <summary>A plain HTTP client, with the admin token.</summary>
    public HttpClient Http { get; }

    /// <summary>Waits until a started server has printed its greeting. It then responds to requests, and other commands find its address.</summary>
    public static async Task<ServerProcess> GreetedAsync(NyalaProcess process, string dataFolder)
    {
        const string Opening = "Nyala listens on ";
        string greeting = await process.Out.HoldsAsync("/api/hooks\n");
        string line = greeting.Split('\n').Single(line => line.StartsWith(Opening, StringComparison.Ordinal));
        string token = await File.ReadAllTextAsync(Path.Combine(dataFolder, "admin-token"), TestContext.Current.CancellationToken);
        return new ServerProcess(process, greeting, new Uri(line[Opening.Length..]), token.Trim());
    }

    /// <summary>Publishes an event, waits only until it is durable, and returns whether it was accepted.</summary>
    public async Task<bool> AcceptsAsync(string type, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"api/hooks/publish/{type}") { Content = new StringContent(body) };
        request.Headers.Add("Prefer", "respond-async");
        using HttpResponseMessage response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode == System.Net.HttpStatusCode.Accepted;
    }

    /// <summary>Repeats a GET request until the response is the expected one.</summary>
    public async Task<bool> SaysAsync(string path, Func<System.Net.HttpStatusCode, string, bool> answer)
    {
        while (true)
        {
            using HttpResponseMessage response = await Http.GetAsync(path, TestContext.Current.CancellationToken);
            if (answer(response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)))
            {
                return true;
            }
        }
    }

    /// <summary>Kills the server with <c>kill -9</c>.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.EndAsync();
    }

    /// <summary>Cuts the power of a server that a <see cref="PowerCut"/> records.</summary>
    public async Task PowerOffAsync()
    {
        _process.Signal("USR1");
        await _process.EndAsync();
    }

    /// <summary>Returns the peak memory use of the server, in bytes.</summary>
    public long MemoryAtMost()
    {
        string line = File.ReadLines($"/proc/{_process.Id}/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], null) * 1024;
    }

    /// <summary>Asks the server to stop, with SIGTERM.</summary>
    public void Terminate() => _process.Signal("TERM");

    /// <summary>Waits until the server exits.</summary>
    public Task<(int ExitCode, string Out, string Error)> EndAsync() => _process.EndAsync();

    public void Dispose()
    {
        Client.Dispose();
        Http.Dispose();
    }
}
