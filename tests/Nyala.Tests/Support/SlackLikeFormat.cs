using System.Globalization;
using System.Text;
using System.Text.Json;
using Nyala.Server.Outbound.Formats;

namespace Nyala.Tests.Support;

/// <summary>A format like that of Slack's API: the status is usually 200, and the body says whether the message was accepted.</summary>
internal sealed class SlackLikeFormat : IFormat
{
    private int _rendered;

    /// <summary>Returns a text that differs each time, which a format must not do.</summary>
    public bool Varies { get; init; }

    /// <summary>What the format sets of its requests besides the body.</summary>
    public RequestForm Form { get; init; } = RequestForm.Usual;

    public FormatFacts Facts { get; } = new("slack-like", "tests");

    /// <summary>How often an event was rendered.</summary>
    public int Rendered => Volatile.Read(ref _rendered);

    public Rendered Render(EventContent @event, FormatSettings settings)
    {
        int count = Interlocked.Increment(ref _rendered);
        string text = Varies ? $"{@event.Type} {count}" : @event.Type;
        return new Rendered(Encoding.UTF8.GetBytes($$"""{"text":"{{text}}: {{Encoding.UTF8.GetString(@event.Body.Span)}}"}"""), "application/x-chat+json") { Form = Form };
    }

    public Judgement Judge(Nyala.Server.Outbound.Formats.Answer answer)
    {
        if (answer.Status != 200)
        {
            return Judgement.TryAgain(answer.Description);
        }

        JsonElement said = JsonElement.Parse(answer.Body ?? "{}"u8.ToArray());
        string? error = said.TryGetProperty("error", out JsonElement named) ? named.GetString() : null;
        return error switch
        {
            null => Judgement.Accepted,
            "invalid_blocks" => Judgement.Refused("The receiver refused the message: invalid_blocks."),
            "channel_is_archived" => Judgement.HookGone("The receiver refused the message: channel_is_archived.", "The channel is archived."),
            _ => Judgement.TryAgain($"The receiver reported {error}.", Wait(said)),
        };
    }

    private static TimeSpan? Wait(JsonElement said) =>
        said.TryGetProperty("retry_after", out JsonElement seconds) ? TimeSpan.FromSeconds(double.Parse(seconds.GetRawText(), CultureInfo.InvariantCulture)) : null;
}
