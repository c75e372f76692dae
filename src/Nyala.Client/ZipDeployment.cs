namespace Nyala.Client;

/// <summary>Facts about a zip to deploy; the server has a default for each.</summary>
public sealed record ZipDeployment
{
    /// <summary>The author of what is deployed.</summary>
    public string? Author { get; init; }

    /// <summary>The author's e-mail address.</summary>
    public string? AuthorEmail { get; init; }

    /// <summary>Who or what deploys.</summary>
    public string? Deployer { get; init; }

    /// <summary>What is deployed.</summary>
    public string? Message { get; init; }

    internal string Query()
    {
        (string Name, string? Value)[] said = [("isAsync", "true"), ("author", Author), ("authorEmail", AuthorEmail), ("deployer", Deployer), ("message", Message)];
        return string.Join('&', said.Where(one => one.Value is not null).Select(one => $"{one.Name}={Uri.EscapeDataString(one.Value!)}"));
    }
}
