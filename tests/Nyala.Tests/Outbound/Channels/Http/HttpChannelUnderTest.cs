using System.Text;
using Nyala.Client;
using Nyala.Server.Outbound;
using Nyala.Server.Outbound.Channels.Http;
using Nyala.Server.Outbound.Formats;
using Nyala.Tests.Support;

namespace Nyala.Tests.Outbound.Channels.Http;

/// <summary>An HTTP channel without a server, for requests that no hook can cause.</summary>
internal sealed class HttpChannelUnderTest : IDisposable
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    private readonly HttpChannel _http;

    public HttpChannelUnderTest(OutboundOptions? options = null, TimeProvider? clock = null, IResolver? resolver = null) =>
        _http = new HttpChannel(options ?? new OutboundOptions(), new AddressGuard(ownOpen: true, []), resolver ?? new SystemResolver(), Some.OutboundInstruments(), clock ?? TimeProvider.System);

    public HttpTarget Target(Uri url, params CustomHeader[] headers) => new(_http, new KuduFormat(), url, null, TlsSettings.System, [Key]) { Headers = headers };

    public async Task<AttemptOutcome> SendAsync(Target target, string? trace = null, int? chain = null, RequestForm? form = null)
    {
        Assert.Same(_http, target.Channel);
        Rendered content = target.Render(new EventContent("Some", Encoding.UTF8.GetBytes("{}"))) with { Form = form ?? RequestForm.Usual };
        var attempt = new Attempt(target, "msg_1", "Some", 1, content) { Trace = trace, Chain = chain };
        return (await Sender.SendAsync(attempt, TestContext.Current.CancellationToken))!;
    }

    public void Dispose() => _http.Dispose();

    public static WebhookVerifier Verifier() => new("whsec_" + Convert.ToBase64String(Key));
}
