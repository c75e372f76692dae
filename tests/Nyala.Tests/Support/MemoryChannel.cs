using System.Diagnostics;
using System.Text;
using System.Threading.Channels;
using Nyala.Server.Outbound;
using Nyala.Server.Outbound.Channels;
using Nyala.Server.Outbound.Formats;

namespace Nyala.Tests.Support;

/// <summary>A channel without a network: it keeps what it is given, and answers with a status that no HTTP server uses.</summary>
internal sealed class MemoryChannel(TimeProvider clock) : IChannel
{
    private readonly Channel<Carried> _carried = Channel.CreateUnbounded<Carried>();

    /// <summary>Returns the next attempt, in the order in which they were sent. Waits if there is none yet.</summary>
    public Task<Carried> NextAsync() => _carried.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().InTimeAsync();

    public ValueTask<SendResult?> SendAsync(Attempt attempt, CancellationToken hardStop)
    {
        var target = (MemoryTarget)attempt.Target;
        DateTimeOffset now = clock.GetUtcNow();
        _carried.Writer.TryWrite(new Carried(target.Place, now, Encoding.UTF8.GetString(attempt.Content.Body.Span)));
        return ValueTask.FromResult<SendResult?>(SendResult.Answered(now, default, new MemoryAnswer()));
    }

    public RequestPreview Preview(Attempt attempt) => new("STORE", ((MemoryTarget)attempt.Target).Place, "");
}

/// <summary>An attempt that a <see cref="MemoryChannel"/> was given.</summary>
internal sealed record Carried(string Place, DateTimeOffset Time, string Text);

/// <summary>A place in memory.</summary>
internal sealed record MemoryTarget(IChannel Channel, IFormat Format, string Place) : Target(Channel, Format)
{
    public override void Tag(Activity span, RequestForm form) => span.SetTag("memory.place", Place);
}

/// <summary>The answer of a <see cref="MemoryChannel"/>: success is 0, as for a process.</summary>
internal sealed class MemoryAnswer() : Nyala.Server.Outbound.Formats.Answer(0, null, null, null)
{
    public override string StatusName => "Stored";

    public override string StatusClass => "stored";

    public override string Description => "The receiver stored the event.";

    public override void Tag(Activity span)
    {
    }
}

/// <summary>Accepts every answer.</summary>
internal sealed class PlainFormat : IFormat
{
    public FormatFacts Facts { get; init; } = new("plain", "tests");

    public Rendered Render(EventContent @event, FormatSettings settings) => new(@event.Body, "text/plain");

    public Judgement Judge(Nyala.Server.Outbound.Formats.Answer answer) => Judgement.Accepted;
}
