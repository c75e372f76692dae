using Nyala.Server.Outbound.Channels;
using Nyala.Server.Outbound.Messages;

namespace Nyala.Server.Outbound.Formats;

/// <summary>Text messages, for <c>sms:</c> hooks.</summary>
internal sealed class SmsFormat : IFormat
{
    // Two parts of a message with characters outside the GSM alphabet have 134, of one within it 306. Twilio refuses more than 1,600.
    private const int MaxText = 300;

    public FormatFacts Facts { get; } = new("sms", "Text message (Twilio)")
    {
        Scheme = "sms",
        Account = AccountKind.Phone,
        LogLines = 1,
        Rate = 10,
        Limits = "300 characters",
        Accepts = "2xx",
        Refuses = "errors of the number: " + string.Join(", ", TwilioRule.Refusals),
        Ends = $"410, {TwilioRule.Unsubscribed} (the person answered STOP)",
    };

    public Rendered Render(EventContent @event, FormatSettings settings) => TwilioRule.Form(settings, "Body", ShortText.Of(MessageReader.Read(@event), MaxText));

    public Judgement Judge(Answer answer) => TwilioRule.Judge(answer);
}
