using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Nyala.Bench;

/// <summary>
/// git's own HTTP server, <c>git http-backend</c>, behind the minimum that its clients need: an authentication challenge and CGI. It shows the cost of a push
/// over HTTP without a deployment.
/// </summary>
internal sealed class GitHttpBackend : IAsyncDisposable
{
    private readonly WebApplication _application;

    private GitHttpBackend(WebApplication application) => _application = application;

    /// <summary>The URL of the repository, with credentials.</summary>
    public string Url => new UriBuilder(_application.Urls.Single()) { UserName = "bench", Password = "any", Path = "repository.git" }.Uri.AbsoluteUri;

    /// <summary>Serves a repository.</summary>
    /// <param name="root">The folder that contains <c>repository.git</c>.</param>
    public static async Task<GitHttpBackend> StartAsync(string root)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        WebApplication application = builder.Build();
        application.Run(http => ServeAsync(http, root));
        await application.StartAsync();
        return new GitHttpBackend(application);
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static async Task ServeAsync(HttpContext http, string root)
    {
        if (http.Request.Headers.Authorization.Count == 0)
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            http.Response.Headers.WWWAuthenticate = "Basic realm=\"git\"";
            return;
        }

        using Process process = Process.Start(Command(http.Request, root))!;
        Task sending = SendAsync(http.Request, process);
        Stream output = process.StandardOutput.BaseStream;
        while (await LineAsync(output) is { Length: > 0 } header)
        {
            int colon = header.IndexOf(':', StringComparison.Ordinal);
            http.Response.Headers[header[..colon]] = header[(colon + 1)..].Trim();
        }

        await output.CopyToAsync(http.Response.Body);
        await sending;
        await process.WaitForExitAsync();
    }

    private static ProcessStartInfo Command(HttpRequest request, string root)
    {
        var start = new ProcessStartInfo("git", ["http-backend"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach ((string name, string value) in ((string, string)[])
            [
                ("GIT_PROJECT_ROOT", root), ("GIT_HTTP_EXPORT_ALL", "1"), ("REMOTE_USER", "bench"), ("REMOTE_ADDR", "127.0.0.1"),
                ("REQUEST_METHOD", request.Method), ("PATH_INFO", request.Path), ("QUERY_STRING", request.QueryString.Value?.TrimStart('?') ?? ""),
                ("CONTENT_TYPE", request.ContentType ?? ""), ("CONTENT_LENGTH", request.ContentLength?.ToString(CultureInfo.InvariantCulture) ?? ""),
                ("HTTP_CONTENT_ENCODING", request.Headers.ContentEncoding.ToString()), ("GIT_PROTOCOL", request.Headers["Git-Protocol"].ToString()),
            ])
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static async Task SendAsync(HttpRequest request, Process process)
    {
        await request.Body.CopyToAsync(process.StandardInput.BaseStream);
        process.StandardInput.Close();
    }

    private static async Task<string> LineAsync(Stream stream)
    {
        var line = new StringBuilder();
        byte[] one = new byte[1];
        while (await stream.ReadAsync(one) > 0 && one[0] != '\n')
        {
            line.Append((char)one[0]);
        }

        return line.ToString().TrimEnd('\r');
    }
}
