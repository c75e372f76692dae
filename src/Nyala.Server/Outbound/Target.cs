using System.Diagnostics;
using System.Text.Json;
using Nyala.Server.Outbound.Channels;
using Nyala.Server.Outbound.Formats;

namespace Nyala.Server.Outbound;

/// <summary>Where and how the attempts of a hook are sent. It is read once and used for many attempts. Each channel adds what it needs to reach its receiver.</summary>
/// <param name="Channel">The channel that carries the attempts.</param>
/// <param name="Format">The format that writes the events and judges the answers.</param>
internal abstract record Target(IChannel Channel, IFormat Format)
{
    private volatile bool _withdrawn;

    /// <summary>What the hook sets for its format.</summary>
    public FormatSettings Settings { get; init; } = FormatSettings.None;

    /// <summary>How this server names itself.</summary>
    public ServerIdentity Server { get; init; } = ServerIdentity.Unknown;

    /// <summary>The account at the receiver whose rate limit several hooks share; null for none.</summary>
    public Account? Account { get; init; }

    /// <summary>Whether the hook has changed since this was read.</summary>
    public bool IsWithdrawn => _withdrawn;

    /// <summary>Marks the target as outdated because the hook changed. No new request uses it. A request whose first byte was sent continues.</summary>
    public void Withdraw() => _withdrawn = true;

    /// <summary>How many deliveries one request can carry; 1 if each needs its own.</summary>
    public virtual int MaxCombined => 1;

    /// <summary>How many of the last lines of a deployment's log the hook's events include; 0 for none.</summary>
    public int LogLines { get; init; }

    /// <summary>Writes an event in the format of the hook.</summary>
    /// <param name="event">The event, without log lines.</param>
    /// <param name="logTail">The last lines of the deployment's log, as a JSON array of strings; null for none.</param>
    public Rendered Render(EventContent @event, string? logTail = null)
    {
        IReadOnlyList<string> lines = LogLines > 0 && logTail is not null ? [.. JsonSerializer.Deserialize<string[]>(logTail)!.TakeLast(LogLines)] : [];
        return Format.Render(@event with { LogTail = lines, Origin = Server.Origin, ApiUrl = Server.ApiUrlOf(@event.Site) }, Settings);
    }

    /// <summary>Describes the receiver in the span of an attempt, without anything that may be a credential.</summary>
    public abstract void Tag(Activity span, RequestForm form);
}

/// <summary>How this server names itself to receivers.</summary>
/// <param name="Origin">The host of its public URL, or else the name of its machine.</param>
/// <param name="ApiUrlOf">Returns the public URL of the API of a site; null if the server does not know it.</param>
internal sealed record ServerIdentity(string Origin, Func<string, string?> ApiUrlOf)
{
    public static ServerIdentity Unknown { get; } = new("localhost", _ => null);
}

/// <summary>An account at a receiver.</summary>
/// <param name="Key">Identifies the account: the channel or format, and the name of the account there.</param>
/// <param name="Rate">The attempts per minute that the account allows for all its hooks together.</param>
internal sealed record Account(string Key, int Rate);
