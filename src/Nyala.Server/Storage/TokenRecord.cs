using Nyala.Server.Access;

namespace Nyala.Server.Storage;

/// <summary>A token as it is stored: never itself, only its hash.</summary>
internal sealed record TokenRecord
{
    public required long Id { get; init; }

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 of the token.</summary>
    public required byte[] Hash { get; init; }

    public required Scopes Scopes { get; init; }

    /// <summary>The one site that it is good for; null for every one.</summary>
    public string? Site { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>From when on it is refused; null for never.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>When it last opened something, to the minute; null before the first time.</summary>
    public DateTimeOffset? LastUsed { get; init; }

    /// <summary>How many days before its end a warning was last raised; null for not yet.</summary>
    public int? Warned { get; init; }
}
