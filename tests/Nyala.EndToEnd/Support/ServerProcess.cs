using System.Net.Http.Headers;
using Nyala.Client;

namespace Nyala.EndToEnd.Support;

/// <summary>A server as a process of its own, and ways to speak to it. The process itself ends with its machine.</summary>
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

    /// <summary>What it printed once it was ready.</summary>
    public string Greeting { get; }

    public Uri Address { get; }

    /// <summary>The token of its admin.</summary>
    public string Token { get; }

    /// <summary>Speaks to it by the client of the product, as its admin.</summary>
    public NyalaClient Client { get; }

    /// <summary>Speaks to it by bare HTTP, as its admin.</summary>
    public HttpClient Http { get; }

    /// <summary>Waits until a started server has greeted: it then answers, and has left its address for the other verbs.</summary>
    public static async Task<ServerProcess> GreetedAsync(NyalaProcess process, string dataFolder)
    {
        const string Opening = "Nyala listens on ";
        string greeting = await process.Out.HoldsAsync("/api/hooks\n");
        string line = greeting.Split('\n').Single(line => line.StartsWith(Opening, StringComparison.Ordinal));
        string token = await File.ReadAllTextAsync(Path.Combine(dataFolder, "admin-token"), TestContext.Current.CancellationToken);
        return new ServerProcess(process, greeting, new Uri(line[Opening.Length..]), token.Trim());
    }

    /// <summary>Publishes an event that is answered as soon as it is durable, and says whether it was accepted.</summary>
    public async Task<bool> AcceptsAsync(string type, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"api/hooks/publish/{type}") { Content = new StringContent(body) };
        request.Headers.Add("Prefer", "respond-async");
        using HttpResponseMessage response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode == System.Net.HttpStatusCode.Accepted;
    }

    /// <summary>Asks the same question until the answer is this one.</summary>
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

    /// <summary><c>kill -9</c>.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.EndAsync();
    }

    /// <summary>Cuts the power of a server that a <see cref="PowerCut"/> watches.</summary>
    public async Task PowerOffAsync()
    {
        _process.Signal("USR1");
        await _process.EndAsync();
    }

    /// <summary>The most memory that it has held, in bytes.</summary>
    public long MemoryAtMost()
    {
        string line = File.ReadLines($"/proc/{_process.Id}/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], null) * 1024;
    }

    /// <summary>Asks it to stop.</summary>
    public void Terminate() => _process.Signal("TERM");

    /// <summary>Waits for its end.</summary>
    public Task<(int ExitCode, string Out, string Error)> EndAsync() => _process.EndAsync();

    public void Dispose()
    {
        Client.Dispose();
        Http.Dispose();
    }
}
