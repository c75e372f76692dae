namespace Nyala.Server.Outbound.Messages;

/// <summary>What a person reads about an event, before a format adds its markup. All texts are clean, see <see cref="MessageText"/>, but not escaped.</summary>
internal sealed record Message
{
    public required MessageTone Tone { get; init; }

    /// <summary>What happened, in one line.</summary>
    public required string Title { get; init; }

    /// <summary>What was deployed: the first line of the commit message. Empty if unknown.</summary>
    public string Subject { get; init; } = "";

    /// <summary>Who wrote what was deployed. Empty if unknown.</summary>
    public string Author { get; init; } = "";

    /// <summary>Why a deployment failed, or what a notice says. Empty if there is nothing to say. It may have several lines.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The last lines of the log of a deployment that failed, oldest first.</summary>
    public IReadOnlyList<string> Log { get; init; } = [];

    /// <summary>Further facts, the most important first.</summary>
    public IReadOnlyList<MessageFact> Facts { get; init; } = [];

    /// <summary>An http or https URL that leads to more; null for none.</summary>
    public string? Url { get; init; }

    /// <summary>The time of the event; null if it does not state one.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>The site. Empty if the event does not state one.</summary>
    public string Site { get; init; } = "";

    /// <summary>What happened, and what was deployed, in one line.</summary>
    public string Headline => Subject.Length > 0 ? $"{Title}: {Subject}" : Title;

    /// <summary>A picture that says at a glance what happened.</summary>
    public string Symbol => Tone switch
    {
        MessageTone.Good => "✅",
        MessageTone.Bad => "❌",
        MessageTone.Progress => "🚀",
        _ => "🔔",
    };

    /// <summary>
    /// Returns the reason and the end of the log, as one text in which the newest log lines have precedence. Each is cut to <paramref name="limit"/> UTF-16 units, and the log
    /// also to <paramref name="maxLines"/> lines.
    /// </summary>
    public string Why(int limit, int maxLines = int.MaxValue)
    {
        int first = Log.Count;
        for (int left = limit; first > 0 && Log.Count - first < maxLines && (left -= Log[first - 1].Length + 1) >= 0; first--)
        {
        }

        string log = string.Join('\n', Log.Skip(first));
        string reason = MessageText.Cut(Reason, limit);
        return reason.Length > 0 && log.Length > 0 ? reason + "\n\n" + log : reason + log;
    }
}

/// <param name="Label">What the value is, such as <c>Branch</c>.</param>
/// <param name="Value">The value, in one line.</param>
internal readonly record struct MessageFact(string Label, string Value);

/// <summary>How a message is meant to look.</summary>
internal enum MessageTone
{
    Neutral,
    Progress,
    Good,
    Bad,
}
