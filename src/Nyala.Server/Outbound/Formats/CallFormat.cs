using Nyala.Server.Outbound.Channels;
using Nyala.Server.Outbound.Messages;

namespace Nyala.Server.Outbound.Formats;

/// <summary>Calls that speak what happened, for <c>tel:</c> hooks. The text is spoken twice, because people need a moment to listen.</summary>
internal sealed class CallFormat : IFormat
{
    /// <summary>The setting with the language of the voice.</summary>
    public const string Language = "language";

    private const int MaxText = 600;

    public FormatFacts Facts { get; } = new("call", "Phone call (Twilio)")
    {
        Scheme = "tel",
        Account = AccountKind.Phone,
        LogLines = 1,
        Rate = 1,
        Limits = "600 characters, spoken twice",
        Accepts = "2xx",
        Refuses = "errors of the number: " + string.Join(", ", TwilioRule.Refusals),
        Ends = "410",
    };

    public Rendered Render(EventContent @event, FormatSettings settings)
    {
        string say = $"<Say language=\"{settings[Language] ?? "en-US"}\">{Html.Escape(ShortText.Spoken(MessageReader.Read(@event), MaxText))}</Say>";
        return TwilioRule.Form(settings, "Twiml", $"<Response><Pause length=\"1\"/>{say}<Pause length=\"1\"/>{say}</Response>");
    }

    public Judgement Judge(Answer answer) => TwilioRule.Judge(answer);
}
