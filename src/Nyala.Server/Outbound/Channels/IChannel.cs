namespace Nyala.Server.Outbound.Channels;

/// <summary>Carries the bytes of an attempt to a receiver. A channel has no opinion about the answer: the format judges it.</summary>
internal interface IChannel
{
    /// <summary>
    /// Sends an attempt whose <see cref="Attempt.Target"/> is one of this channel. Returns what came back, or why nothing did. Every failure is a result.
    /// </summary>
    /// <returns>Null if the target was withdrawn before the first byte was sent, so that there was no attempt.</returns>
    /// <exception cref="OperationCanceledException">The server is stopping. The result of the attempt is unknown.</exception>
    ValueTask<SendResult?> SendAsync(Attempt attempt, CancellationToken hardStop);

    /// <summary>Returns what an attempt would send, and sends nothing.</summary>
    RequestPreview Preview(Attempt attempt);
}
