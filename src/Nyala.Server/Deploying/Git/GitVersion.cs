namespace Nyala.Server.Deploying.Git;

/// <summary>The version of the installed git. Only 2.37 and later can be told which addresses to connect to.</summary>
internal sealed class GitVersion
{
    private static readonly Version Pinning = new(2, 37);

    private Version? _installed;

    /// <summary>Returns why connections cannot be pinned to addresses; null if they can.</summary>
    /// <exception cref="GitMissingException">git is not installed on this machine.</exception>
    public async Task<string?> WhyNotPinningAsync(CancellationToken cancellationToken)
    {
        // If the version is too old, it is read again each time, because git may have been updated.
        if (_installed is null || _installed < Pinning)
        {
            _installed = Read((await GitProcess.RunAsync(GitProcess.Start("version"), cancellationToken)).Output);
        }

        return WhyNotPinning(_installed);
    }

    /// <inheritdoc cref="WhyNotPinningAsync"/>
    public static string? WhyNotPinning(Version installed) => installed >= Pinning ? null
        : $"git {installed} on the server's machine is too old to fetch from a host by its name: it cannot be restricted to the addresses that were checked. "
            + $"Install git {Pinning} or later, or set Outbound:Proxy; the proxy then controls which hosts can be reached.";

    /// <summary>Reads <c>git version 2.39.5 (Apple Git-154)</c>; 0.0 if the text has another form.</summary>
    public static Version Read(string text)
    {
        const string Start = "git version ";
        string[] parts = text.StartsWith(Start, StringComparison.Ordinal) ? text[Start.Length..].Trim().Split('.', ' ') : [];
        return parts.Length >= 2 && int.TryParse(parts[0], null, out int major) && int.TryParse(parts[1], null, out int minor) && major >= 0 && minor >= 0
            ? new Version(major, minor)
            : new Version(0, 0);
    }
}
