namespace Nyala.Server.Outbound.Formats;

/// <summary>
/// A format writes events as one kind of receiver reads them, and judges what such a receiver answers. It has no state, and all hooks of the format share it.
/// </summary>
internal interface IFormat
{
    /// <summary>The format's name, limits and rules.</summary>
    FormatFacts Facts { get; }

    /// <summary>
    /// Writes an event. The result depends only on the arguments, never on the time or on chance: if the server is killed between the first attempt and its
    /// record, the next attempt sends the same bytes.
    /// </summary>
    Rendered Render(EventContent @event, FormatSettings settings);

    /// <summary>Decides what an answer means for the delivery and for the hook. Pure.</summary>
    Judgement Judge(Answer answer);
}
