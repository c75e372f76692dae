using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Nyala.Client;

namespace Nyala.EndToEnd.Support;

/// <summary>The receiver in C# that <c>docs/webhooks.md</c> shows, line by line.</summary>
internal static class DocumentedReceiver
{
    public static async Task<WebApplication> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        WebApplication app = builder.Build();
        app.UseRouting();

        // The page begins here.
        var verifier = new WebhookVerifier(Environment.GetEnvironmentVariable("NYALA_HOOK_SECRET")!);
        app.MapPost("/callback", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            WebhookVerdict verdict = verifier.Verify(body.ToArray(), name => request.Headers[name]);
            return verdict == WebhookVerdict.Genuine ? Results.Ok() : Results.Unauthorized();
        });

        // The page ends here.
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
