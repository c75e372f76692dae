using System.Text;
using Nyala.Client;
using Nyala.Server.Outbound;
using Nyala.Server.Outbound.Channels.Http;
using Nyala.Tests.Support;

namespace Nyala.Tests.Outbound.Channels.Http;

/// <summary>A sender without a server, for requests that no hook can cause.</summary>
internal sealed class SenderUnderTest : IDisposable
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    public SenderUnderTest(OutboundOptions? options = null, TimeProvider? clock = null) =>
        Sender = new Sender(options ?? new OutboundOptions(), new AddressGuard(ownOpen: true, []), new SystemResolver(), Some.OutboundInstruments(), clock ?? TimeProvider.System);

    public Sender Sender { get; }

    public static Target Target(Uri url, params CustomHeader[] headers) => new(url, null, TlsSettings.System, [Key]) { Headers = headers };

    public async Task<AttemptOutcome> SendAsync(Target target, string? trace = null, int? chain = null) => (await Sender.SendAsync(
        new Attempt(target, "msg_1", "Some", 1, Encoding.UTF8.GetBytes("{}")) { Trace = trace, Chain = chain }, TestContext.Current.CancellationToken))!;

    public void Dispose() => Sender.Dispose();

    public static WebhookVerifier Verifier() => new("whsec_" + Convert.ToBase64String(Key));
}
