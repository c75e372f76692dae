using System.Diagnostics.Metrics;

namespace Nyala.Server.Access;

/// <summary>Metrics of sign-ins.</summary>
internal sealed class AccessInstruments(Meter meter)
{
    private readonly Counter<long> _failed = meter.CreateCounter<long>(
        "nyala.access.log_ins.failed", "{request}", "Requests without a valid token, by reason: wrong, expired or blocked.");

    public void Failed(bool expired, bool blocked) =>
        _failed.Add(1, new KeyValuePair<string, object?>("kind", blocked ? "blocked" : expired ? "expired" : "wrong"));
}
