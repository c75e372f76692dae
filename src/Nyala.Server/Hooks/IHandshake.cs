using Nyala.Server.Storage;

namespace Nyala.Server.Hooks;

/// <summary>Asks a receiver whether it allows this server's events. The operation of Delivery that Hooks uses.</summary>
internal interface IHandshake
{
    /// <summary>Makes one request to the receiver of a hook that need not be stored.</summary>
    Task<HandshakeAnswer> AskAsync(HookRecord hook, CancellationToken cancellationToken);
}

/// <summary>What a receiver answered to a handshake.</summary>
/// <param name="Refusal">Why it does not allow events, in words; null if it does.</param>
/// <param name="Rate">The maximum number of requests per minute that it allows; null for no limit.</param>
internal readonly record struct HandshakeAnswer(string? Refusal, int? Rate = null);
