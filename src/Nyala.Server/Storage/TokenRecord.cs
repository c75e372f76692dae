using Nyala.Server.Access;

namespace Nyala.Server.Storage;

/// <summary>A token as it is stored: its hash, never the token itself.</summary>
internal sealed record TokenRecord
{
    public required long Id { get; init; }

    /// <summary>The name that people gave it.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 of the token.</summary>
    public required byte[] Hash { get; init; }

    public required Scopes Scopes { get; init; }

    /// <summary>The only site that the token gives access to; null for every site.</summary>
    public string? Site { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>The time from which the token is refused; null if it does not expire.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>The time of the last use, to the minute; null before the first use.</summary>
    public DateTimeOffset? LastUsed { get; init; }

    /// <summary>How many days before the expiry the last warning was raised; null if none was raised.</summary>
    public int? Warned { get; init; }
}
