using System.Diagnostics;
using Nyala.Server.Outbound.Formats;

namespace Nyala.Server.Outbound.Channels;

/// <summary>Sends nothing, because the server no longer has the account that a hook uses. Its deliveries wait, since the operator can set the account again.</summary>
internal sealed class MissingAccount(TimeProvider clock) : IChannel
{
    public ValueTask<SendResult?> SendAsync(Attempt attempt, CancellationToken hardStop) =>
        ValueTask.FromResult<SendResult?>(SendResult.Failed(OutcomeKind.OurFault, clock.GetUtcNow(), default, ((MissingAccountTarget)attempt.Target).Reason));

    public RequestPreview Preview(Attempt attempt) => new("NONE", "", "");
}

/// <param name="Reason">Which account is missing, and how to set it.</param>
internal sealed record MissingAccountTarget(IChannel Channel, IFormat Format, string Reason) : Target(Channel, Format)
{
    public override void Tag(Activity span, RequestForm form)
    {
    }
}
