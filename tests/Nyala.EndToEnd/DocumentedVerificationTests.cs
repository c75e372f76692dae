using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Nyala.Client;
using Nyala.EndToEnd.Support;

namespace Nyala.EndToEnd;

/// <summary>The code in <c>docs/webhooks.md</c> that verifies a signature accepts a real delivery and rejects everything else.</summary>
public sealed class DocumentedVerificationTests : IDisposable
{
    private const string Id = "webhook-id", Timestamp = "webhook-timestamp", Signature = "webhook-signature";

    // How each language is run, and the code that calls the function from the page. Five lines of standard input are one case.
    private static readonly Dictionary<string, Harness> Harnesses = new()
    {
        ["python"] = new("python3", ["main.py"], "main.py", "", """

            import sys
            lines = sys.stdin.read().split("\n")
            for i in range(0, len(lines) - 5, 5):
                given = zip(("webhook-id", "webhook-timestamp", "webhook-signature"), lines[i + 1:i + 4])
                print(str(is_genuine(lines[i], {name: value for name, value in given if value}, base64.b64decode(lines[i + 4]))).lower())
            """),
        ["js"] = new("node", ["main.mjs"], "main.mjs", "", """

            import { readFileSync } from 'node:fs'
            const lines = readFileSync(0, 'utf8').split('\n')
            for (let i = 0; i + 5 < lines.length; i += 5) {
              const headers = { 'webhook-id': lines[i + 1], 'webhook-timestamp': lines[i + 2], 'webhook-signature': lines[i + 3] || undefined }
              console.log(isGenuine(lines[i], headers, Buffer.from(lines[i + 4], 'base64')))
            }
            """),
        ["ruby"] = new("ruby", ["main.rb"], "main.rb", "", """

            STDIN.each_line(chomp: true).each_slice(5) do |secret, *values, body|
              headers = %w[webhook-id webhook-timestamp webhook-signature].zip(values).reject { |_, value| value.empty? }.to_h
              puts genuine?(secret, headers, body.unpack1("m0"))
            end
            """),
        ["php"] = new("php", ["main.php"], "main.php", "", """

            foreach (array_chunk(explode("\n", rtrim(stream_get_contents(STDIN), "\n")), 5) as [$secret, $id, $timestamp, $signature, $body]) {
                $headers = array_filter(['webhook-id' => $id, 'webhook-timestamp' => $timestamp, 'webhook-signature' => $signature], 'strlen');
                echo is_genuine($secret, $headers, base64_decode($body)) ? "true\n" : "false\n";
            }
            """),
        ["java"] = new("java", ["Main.java"], "Main.java", """
            final class Main {
                public static void main(String[] args) throws Exception {
                    String[] lines = new String(System.in.readAllBytes(), UTF_8).split("\n");
                    for (int i = 0; i + 4 < lines.length; i += 5) {
                        java.util.Map<String, String> headers = new java.util.HashMap<>();
                        headers.put("webhook-id", lines[i + 1]);
                        headers.put("webhook-timestamp", lines[i + 2]);
                        if (!lines[i + 3].isEmpty()) {
                            headers.put("webhook-signature", lines[i + 3]);
                        }
                        System.out.println(Webhook.isGenuine(lines[i], headers::get, Base64.getDecoder().decode(lines[i + 4])));
                    }
                }
            }

            """, ""),
        ["go"] = new("go", ["run", "main.go", "webhook.go"], "webhook.go", "", ""),
    };

    private const string GoMain = """
        package main

        import (
        	"bufio"
        	"encoding/base64"
        	"fmt"
        	"net/http"
        	"os"
        )

        func main() {
        	scanner := bufio.NewScanner(os.Stdin)
        	for scanner.Scan() {
        		secret, header := scanner.Text(), http.Header{}
        		for _, name := range []string{"webhook-id", "webhook-timestamp", "webhook-signature"} {
        			scanner.Scan()
        			if scanner.Text() != "" {
        				header.Set(name, scanner.Text())
        			}
        		}
        		scanner.Scan()
        		body, _ := base64.StdEncoding.DecodeString(scanner.Text())
        		genuine, err := IsGenuine(secret, header, body)
        		if err != nil {
        			panic(err)
        		}
        		fmt.Println(genuine)
        	}
        }
        """;

    private static readonly string Page = File.ReadAllText(SourceTree.PathOf("docs", "webhooks.md"));

    private readonly Machine _machine = new();

    public void Dispose() => _machine.Dispose();

    public static TheoryData<string> Languages() => [.. Harnesses.Keys];

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task The_documented_code_accepts_a_delivery_and_rejects_changed_old_and_malformed_ones(string language)
    {
        Case[] cases = Cases(await TakeAsync());
        Harness harness = Harnesses[language];
        string snippet = Snippet(language);
        Write("main.go", GoMain);
        Write(harness.File, language switch
        {
            "java" => snippet.Replace("final class Webhook", harness.Before + "final class Webhook", StringComparison.Ordinal),
            "go" => snippet.Replace("package webhook", "package main", StringComparison.Ordinal),
            _ => snippet + harness.After,
        });

        (int ExitCode, string Out, string Error)? ended = await RunAsync(harness, string.Concat(cases.Select(one => one.Lines)));
        Assert.SkipWhen(ended is null, $"{harness.Program} is not installed.");
        Assert.Equal((0, ""), (ended.Value.ExitCode, ended.Value.Error));
        Assert.Equal(
            cases.Select(one => $"{one.Name}: {one.Genuine}".ToLowerInvariant()),
            cases.Zip(ended.Value.Out.Trim().Split('\n'), (one, verdict) => $"{one.Name}: {verdict.Trim()}".ToLowerInvariant()));
    }

    [Fact]
    public async Task The_documented_CSharp_receiver_accepts_a_delivery_and_returns_401_for_invalid_ones()
    {
        Delivered delivered = await TakeAsync();
        Environment.SetEnvironmentVariable("NYALA_HOOK_SECRET", delivered.Secret);
        await using WebApplication receiver = await DocumentedReceiver.StartAsync();
        using var client = new HttpClient();

        foreach (Case one in Cases(delivered))
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, receiver.Urls.First() + "/callback") { Content = new ByteArrayContent(one.Body) };
            foreach ((string name, string value) in ((string, string)[])[(Id, one.Id), (Timestamp, one.Timestamp), (Signature, one.Signature)])
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal((one.Name, one.Genuine ? 200 : 401), (one.Name, (int)response.StatusCode));
        }
    }

    [Fact]
    public void The_tested_CSharp_receiver_equals_the_documented_one()
    {
        string source = File.ReadAllText(SourceTree.PathOf("tests", "Nyala.EndToEnd", "Support", "DocumentedReceiver.cs"));
        string between = source.Split("// The page begins here.\n")[1].Split("// The page ends here.")[0];

        Assert.Equal(Snippet("csharp").Trim(), Regex.Replace(between, "(?m)^        ", "").Trim());
    }

    private static string Snippet(string language) => Assert.Single(Regex.Matches(Page, $"```{language}\n(.*?)```", RegexOptions.Singleline)).Groups[1].Value;

    private static Case[] Cases(Delivered delivered)
    {
        (string secret, string id, string timestamp, string signature, byte[] body) = delivered;
        string old = (long.Parse(timestamp, null) - 400).ToString(null as IFormatProvider), early = (long.Parse(timestamp, null) + 900).ToString(null as IFormatProvider);
        return
        [
            new("as it came", true, secret, id, timestamp, signature, body),
            new("second of two signatures", true, secret, id, timestamp, "v1,AAAA " + signature, body),
            new("changed body", false, secret, id, timestamp, signature, [.. body, (byte)' ']),
            new("another id", false, secret, id + "1", timestamp, signature, body),
            new("too old", false, secret, id, old, Sign(id, old), body),
            new("too new", false, secret, id, early, Sign(id, early), body),
            new("no time", false, secret, id, "soon", Sign(id, "soon"), body),
            new("a time out of range", false, secret, id, new string('9', 400), signature, body),
            new("no signature", false, secret, id, timestamp, "", body),
            new("no signature that could be one", false, secret, id, timestamp, "v1 v2,AAAA", body),
        ];

        string Sign(string id, string timestamp)
        {
            Assert.True(WebhookSecret.TryDecode(secret, out byte[] key));
            return WebhookSignature.Sign(key, id, timestamp, body);
        }
    }

    /// <summary>Lets a real server send a delivery, and returns it.</summary>
    private async Task<Delivered> TakeAsync()
    {
        using JsonDocument request = JsonDocument.Parse(await SignedRequest.TakeAsync(_machine));
        JsonElement root = request.RootElement, headers = root.GetProperty("headers");
        return new Delivered(Text(root, "secret"), Text(headers, Id), Text(headers, Timestamp), Text(headers, Signature), Encoding.UTF8.GetBytes(Text(root, "body")));

        static string Text(JsonElement from, string name) => from.GetProperty(name).GetString()!;
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_machine.Work, name), text);

    /// <summary>Runs the code. Returns null if the language is not installed.</summary>
    private async Task<(int ExitCode, string Out, string Error)?> RunAsync(Harness harness, string input)
    {
        string[] args = [.. harness.Args.Select(arg => arg.Contains('.', StringComparison.Ordinal) ? Path.Combine(_machine.Work, arg) : arg)];
        (int ExitCode, string Out, string Error)? ended = await Tool.RunAsync(harness.Program, args, input);

        // Java without its compiler cannot run a source file.
        return ended is { ExitCode: not 0 } && ended.Value.Error.Contains("jdk.compiler", StringComparison.Ordinal) ? null : ended;
    }

    private sealed record Harness(string Program, string[] Args, string File, string Before, string After);

    private sealed record Delivered(string Secret, string Id, string Timestamp, string Signature, byte[] Body);

    private sealed record Case(string Name, bool Genuine, string Secret, string Id, string Timestamp, string Signature, byte[] Body)
    {
        public string Lines => string.Join('\n', [Secret, Id, Timestamp, Signature, Convert.ToBase64String(Body)]) + "\n";
    }
}
