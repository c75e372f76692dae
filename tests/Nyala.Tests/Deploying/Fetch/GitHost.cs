using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Nyala.Tests.Deploying.Fetch;

/// <summary>How a <see cref="GitHost"/> responds.</summary>
internal enum GitHostMode
{
    /// <summary>Serves git's smart HTTP protocol with <c>git http-backend</c>.</summary>
    Smart,

    /// <summary>Serves static files, for git's dumb HTTP protocol.</summary>
    Dumb,

    /// <summary>Redirects every request to <see cref="GitHost.Target"/>.</summary>
    Redirect,
}

/// <summary>A real git server on loopback, with a repository at <c>/shop.git</c>. It records the requests.</summary>
internal sealed class GitHost : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly WebApplication _application;

    private GitHost()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.AllowSynchronousIO = true).UseUrls("http://127.0.0.1:0");
        _application = builder.Build();
        _application.Run(ServeAsync);
    }

    public SourceRepository Repository { get; } = new();

    public GitHostMode Mode { get; set; }

    /// <summary>The base URL to which <see cref="GitHostMode.Redirect"/> redirects.</summary>
    public string Target { get; set; } = "";

    /// <summary>The required value of <c>Authorization</c>; null if no credentials are required.</summary>
    public string? Demands { get; set; }

    /// <summary>The host sends no response until this task completes.</summary>
    public Task Open { get; set; } = Task.CompletedTask;

    /// <summary>Called for each request before the response. The client waits until it returns.</summary>
    public Action OnRequest { get; set; } = () => { };

    public int Port => new Uri(_application.Urls.First()).Port;

    public string Url => $"http://127.0.0.1:{Port}/shop.git";

    /// <summary>The requests: method, path, <c>Host</c> and <c>Authorization</c>.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    public static async Task<GitHost> StartAsync(GitHostMode mode = GitHostMode.Smart)
    {
        var host = new GitHost { Mode = mode };
        await host._application.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        Repository.Dispose();
    }

    private async Task ServeAsync(HttpContext http)
    {
        HttpRequest request = http.Request;
        _requests.Enqueue($"{request.Method} {request.Path} {request.Host} {request.Headers.Authorization}");
        OnRequest();
        await Open.WaitAsync(http.RequestAborted);
        if (Demands is not null && request.Headers.Authorization != Demands)
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            http.Response.Headers.WWWAuthenticate = "Basic realm=\"x\"";
        }
        else if (Mode == GitHostMode.Redirect)
        {
            http.Response.Redirect(Target + request.Path + request.QueryString);
        }
        else if (Mode == GitHostMode.Dumb)
        {
            string file = Path.Combine(Repository.Root, request.Path.Value!.TrimStart('/'));
            http.Response.StatusCode = File.Exists(file) ? StatusCodes.Status200OK : StatusCodes.Status404NotFound;
            if (File.Exists(file))
            {
                await http.Response.SendFileAsync(file, http.RequestAborted);
            }
        }
        else
        {
            await RunAsync(http);
        }
    }

    /// <summary>Runs <c>git http-backend</c> with the parts of CGI that git needs.</summary>
    private async Task RunAsync(HttpContext http)
    {
        HttpRequest request = http.Request;
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, http.RequestAborted);
        var start = new ProcessStartInfo("git", ["http-backend"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["GIT_PROJECT_ROOT"] = Repository.Root;
        start.Environment["GIT_HTTP_EXPORT_ALL"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["PATH_INFO"] = request.Path;
        start.Environment["QUERY_STRING"] = request.QueryString.Value!.TrimStart('?');
        start.Environment["REQUEST_METHOD"] = request.Method;
        start.Environment["CONTENT_TYPE"] = request.ContentType ?? "";
        start.Environment["CONTENT_LENGTH"] = body.Length.ToString(CultureInfo.InvariantCulture);
        start.Environment["HTTP_CONTENT_ENCODING"] = request.Headers.ContentEncoding;
        start.Environment["GIT_PROTOCOL"] = request.Headers["Git-Protocol"];
        start.Environment["REMOTE_ADDR"] = "127.0.0.1";
        using Process process = Process.Start(start)!;
        Task<byte[]> reading = ReadAsync(process.StandardOutput.BaseStream);
        Task<byte[]> complaining = ReadAsync(process.StandardError.BaseStream);
        body.Position = 0;
        try
        {
            await body.CopyToAsync(process.StandardInput.BaseStream, http.RequestAborted);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // git has stopped reading its input.
        }

        byte[] answer = await reading;
        await complaining;
        await process.WaitForExitAsync(http.RequestAborted);
        int end = answer.AsSpan().IndexOf("\r\n\r\n"u8);
        foreach (string line in Encoding.ASCII.GetString(answer, 0, end).Split("\r\n"))
        {
            string[] header = line.Split(": ", 2);
            if (header[0] == "Status")
            {
                http.Response.StatusCode = int.Parse(header[1].AsSpan(0, 3), CultureInfo.InvariantCulture);
            }
            else
            {
                http.Response.Headers[header[0]] = header[1];
            }
        }

        await http.Response.Body.WriteAsync(answer.AsMemory(end + 4), http.RequestAborted);
    }

    private static async Task<byte[]> ReadAsync(Stream stream)
    {
        using var all = new MemoryStream();
        await stream.CopyToAsync(all);
        return all.ToArray();
    }
}
