using System.Diagnostics;

namespace Nyala.Server.Outbound.Formats;

/// <summary>What a receiver answered, whatever the channel.</summary>
/// <param name="status">The status number, as people and the history see it.</param>
/// <param name="body">The beginning of the body; null if it was empty.</param>
/// <param name="headers">The beginning of the headers, one per line; null if the channel has none.</param>
/// <param name="retryAfter">How long the receiver asked to wait, from the time of its answer; null if it did not ask.</param>
internal abstract class Answer(int status, byte[]? body, string? headers, TimeSpan? retryAfter)
{
    public int Status => status;

    public byte[]? Body => body;

    public string? Headers => headers;

    public TimeSpan? RetryAfter => retryAfter;

    /// <summary>The name of the status, as Kudu's <c>last_status</c> shows it.</summary>
    public abstract string StatusName { get; }

    /// <summary>The class of the status, as metrics show it. The number of classes is small.</summary>
    public abstract string StatusClass { get; }

    /// <summary>The answer in words. It may quote the receiver.</summary>
    public abstract string Description { get; }

    /// <summary>Adds the status to the span of the attempt.</summary>
    public abstract void Tag(Activity span);
}
