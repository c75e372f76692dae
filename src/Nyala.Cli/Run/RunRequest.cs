namespace Nyala.Cli.Run;

/// <summary>What a caller of <c>nyala run</c> said; null if nothing.</summary>
internal sealed record RunRequest
{
    /// <summary>The command and its arguments.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    public string? Site { get; init; }

    public string? Id { get; init; }

    public string? Message { get; init; }

    public string? Deployer { get; init; }

    public string? Author { get; init; }

    public string? AuthorEmail { get; init; }

    public string? Branch { get; init; }

    /// <summary>Whether a run that succeeded and is not reported counts as failed.</summary>
    public bool Strict { get; init; }
}
