using System.Net.Sockets;
using System.Text;
using CsCheck;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Nyala.Tests.Support;

namespace Nyala.Tests.Fuzzing;

/// <summary>Random requests to a running server, with an admin token. No response is a server error, and a refused request changes nothing.</summary>
public sealed class HttpFuzzTests : IAsyncLifetime
{
    private const string Ids = "1";

    /// <summary>The intended status codes of 500 and above: the request is not supported, there is no space left, or there is a loop.</summary>
    private static readonly int[] Meant = [501, 505, 507, 508];

    private static readonly int Cases = Math.Max(200, Fuzz.Cases / 20);

    private static readonly (string Method, string Path)[] Endpoints =
    [
        ("POST", "/api/hooks"), ("PATCH", "/api/hooks/{id}"), ("POST", "/api/hooks/{id}/rotate-secret"), ("POST", "/api/hooks/{id}/ping"), ("POST", "/api/hooks/{id}/pause"),
        ("POST", "/api/hooks/{id}/resume"), ("POST", "/api/hooks/{id}/enable"), ("POST", "/api/hooks/{id}/restore"), ("GET", "/api/hooks/{id}"), ("DELETE", "/api/hooks/{id}"),
        ("DELETE", "/api/hooks"), ("GET", "/api/hooks"), ("POST", "/api/hooks/publish/Built"), ("POST", "/api/hooks/publish"), ("PUT", "/api/deployments/abc"), ("POST", "/api/deployments/abc/log"),
        ("GET", "/api/deployments/abc/log"), ("GET", "/api/deployments"), ("DELETE", "/api/deployments/abc"), ("POST", "/api/tokens"), ("DELETE", "/api/tokens/1"), ("GET", "/api/audit"),
        ("POST", "/api/sites"), ("PATCH", "/api/sites/shop"), ("GET", "/api/sites"), ("GET", "/api/sites/shop"), ("DELETE", "/api/sites/shop"), ("POST", "/api/settings"), ("GET", "/api/settings"),
        ("GET", "/api/settings/a"), ("DELETE", "/api/settings/a"), ("POST", "/sites/shop/api/settings"), ("POST", "/api/deploy"),
        ("POST", "/sites/shop/api/hooks"), ("PUT", "/sites/shop/api/deployments/abc"),
    ];

    private static readonly string[] Headers =
    [
        "Prefer: respond-async", "Idempotency-Key: k1", "Idempotency-Key: \u00e9", "Nyala-Chain: 5", "Nyala-Chain: 99999999999", "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "Content-Type: application/json", "Content-Type: text/plain", "Content-Type: \u00ff", "If-None-Match: \"x\"", "Accept: */*", "Expect: 100-continue", "Transfer-Encoding: chunked",
        "Content-Length: 5", "Host: evil.example", "Origin: null", "X: " + new string('x', 9000),
    ];

    private static readonly string[] Queries = ["", "?api-version=2018-02-01", "?API-Version=1", "?url=http://127.0.0.1:9/", "?url=%", "?state=gone", "?state=\u00e9", "?limit=1&before=2", "?limit=x", "?before=99999999999999999999", "?%00", "?a=%ff&a"];

    // No generated URL may be called, so all outbound requests go to a local proxy that does not exist.
    private TestServer? _server;
    private string? _hook;

    private TestServer Server => _server!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(
            options =>
            {
                options.Outbound.Proxy = "http://127.0.0.1:9";
                options.Delivery.PublishWait = TimeSpan.Zero;
            },
            replace: services => services.PostConfigure<KestrelServerOptions>(kestrel =>
            {
                // The server does not wait for the rest of an incomplete request.
                kestrel.Limits.RequestHeadersTimeout = kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(1);
                kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(240, TimeSpan.FromSeconds(2));
            }));
        _hook = (await _server.PostAsync("/api/hooks", Some.Hook(type: "Built")))["id"];
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    [Fact]
    public async Task Random_requests_cause_no_server_error_and_refused_ones_change_nothing()
    {
        // Most queries are refused before anything else is checked.
        Gen<string> query = Gen.Frequency((3, Gen.Const("")), (1, Odd.Of(Queries)));
        Gen<(int, string, byte[], string[])> requests = Gen.Select(
            Gen.Int[0, Endpoints.Length - 1], query, Odd.Body, Odd.Of(Headers[..11]).Array[0, 3]);
        int refused = 0;
        await requests.SampleAsync(
            async request =>
            {
                (int endpoint, string query, byte[] body, string[] headers) = request;
                string before = Look();
                string answer = await SendAsync(Compose(Endpoints[endpoint].Method, Path(endpoint) + query, [.. headers, "Connection: close", $"Content-Length: {body.Length}"], body));

                int status = AssertSound(answer);
                if (status >= 400)
                {
                    refused++;
                    Assert.Equal(before, Look());
                }
            },
            iter: Cases,
            threads: 1);

        // About five sixths are refused. If all were refused, the test would prove nothing.
        Assert.InRange(refused, Cases / 10, Cases * 19 / 20);
        await IsAliveAsync();
    }

    [Fact]
    public async Task Random_bytes_cause_no_server_error()
    {
        Gen<byte[]> requests = Gen.Select(Gen.Int[0, Endpoints.Length - 1], Odd.Of(Queries), Odd.Of(Headers).Array[0, 4], Odd.Body)
            .Select((endpoint, query, headers, body) => Compose(
                Endpoints[endpoint].Method, Endpoints[endpoint].Path + query, [.. headers, "Connection: close", $"Content-Length: {body.Length}"], body, token: false));
        int answered = 0;
        await Gen.Frequency((1, Odd.Bytes), (2, requests), (4, Odd.Mutated(requests))).SampleAsync(
            async bytes =>
            {
                string answer = await SendAsync(WithToken(bytes));

                if (answer.Length > 0)
                {
                    Interlocked.Increment(ref answered);
                    AssertSound(answer);
                }
            },
            iter: Cases,
            threads: 16);

        Assert.True(answered > Cases / 2, $"{answered} of {Cases} were answered.");
        await IsAliveAsync();
    }

    private static byte[] Compose(string method, string path, string[] headers, byte[] body, bool token = true) =>
    [
        .. Encoding.Latin1.GetBytes($"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{(token ? Authorization : "")}{string.Concat(headers.Select(header => header + "\r\n"))}\r\n"),
        .. body,
    ];

    private static string Authorization => $"Authorization: Bearer {TestServer.Token}\r\n";

    /// <summary>Inserts the unchanged token after the first line. A wrong token would be refused before anything else is checked.</summary>
    private static byte[] WithToken(byte[] bytes)
    {
        int end = bytes.AsSpan().IndexOf("\r\n"u8);
        return end < 0 ? bytes : [.. bytes[..(end + 2)], .. Encoding.ASCII.GetBytes(Authorization), .. bytes[(end + 2)..]];
    }

    private static int AssertSound(string answer)
    {
        Assert.StartsWith("HTTP/1.1 ", answer, StringComparison.Ordinal);
        int status = int.Parse(answer.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(status < 500 || Meant.Contains(status), answer);
        Assert.DoesNotContain("Exception", answer, StringComparison.Ordinal);
        return status;
    }

    private string Path(int endpoint) => Endpoints[endpoint].Path.Replace("{id}", endpoint % 3 == 0 ? _hook : Ids, StringComparison.Ordinal);

    /// <summary>Sends bytes and reads the response to its end.</summary>
    private async Task<string> SendAsync(byte[] request)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(Server.Address.Host, Server.Address.Port);
        using var answer = new MemoryStream();
        try
        {
            await socket.SendAsync(request);
            await using var stream = new NetworkStream(socket);
            await stream.CopyToAsync(answer, TestContext.Current.CancellationToken).InTimeAsync();
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            // The server closed the connection before it read the whole request.
        }

        return Encoding.Latin1.GetString(answer.ToArray());
    }

    private async Task IsAliveAsync()
    {
        Assert.Equal("""{"status":"ready"}""", (await Server.GetAsync("/healthz")).Text);
        Assert.Equal(201, (await Server.PostAsync("/api/hooks", Some.Hook())).Code);
    }

    /// <summary>Returns everything in the store that a request can change, except what deliveries change.</summary>
    private string Look()
    {
        using var connection = new SqliteConnection($"Data Source={System.IO.Path.Combine(Server.DataFolder, "nyala.db")};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText =
            """
            SELECT (SELECT count(*) || '/' || ifnull(max(id), 0) FROM events) || ' ' || (SELECT count(*) FROM idempotency_keys) || ' ' || (SELECT count(*) FROM sites) || ' '
                || (SELECT count(*) || '/' || ifnull(max(id), 0) FROM runs) || ' ' || (SELECT count(*) FROM log) || ' ' || (SELECT count(*) || '/' || ifnull(max(id), 0) FROM tokens)
                || ' ' || (SELECT count(*) || '/' || ifnull(max(id), 0) FROM audit) || ' ' || (SELECT count(*) FROM site_settings) || ' '
                || (SELECT group_concat(name || declared || branch || ifnull(command, '') || keep || ifnull(host, '')) FROM sites) || ' '
                || ifnull((SELECT group_concat(id || event || url || description || ifnull(filter, '') || ordered || ifnull(rate, '') || ifnull(headers, '') || secret || state) FROM hooks), '')
            """;
        return (string)command.ExecuteScalar()!;
    }
}
