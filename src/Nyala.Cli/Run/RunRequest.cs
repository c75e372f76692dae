using Nyala.Server.Secrets;

namespace Nyala.Cli.Run;

/// <summary>The command and the options of <c>nyala run</c>. An option that was not given is null.</summary>
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

    /// <summary>Whether <c>nyala run</c> fails if the command succeeds but its report is not delivered.</summary>
    public bool Strict { get; init; }

    /// <summary>Hides secrets in the reports. The token for the server is masked even if this mask does not contain it.</summary>
    public TextMask Mask { get; init; } = TextMask.TokensOnly;
}
