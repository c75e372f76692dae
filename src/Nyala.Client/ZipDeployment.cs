namespace Nyala.Client;

/// <summary>What is said of a zip that is deployed; the server has a default for each.</summary>
public sealed record ZipDeployment
{
    /// <summary>Who made what is deployed.</summary>
    public string? Author { get; init; }

    /// <summary>The author's e-mail address.</summary>
    public string? AuthorEmail { get; init; }

    /// <summary>Who or what deploys.</summary>
    public string? Deployer { get; init; }

    /// <summary>What the deployment brings.</summary>
    public string? Message { get; init; }

    internal string Query()
    {
        (string Name, string? Value)[] said = [("isAsync", "true"), ("author", Author), ("authorEmail", AuthorEmail), ("deployer", Deployer), ("message", Message)];
        return string.Join('&', said.Where(one => one.Value is not null).Select(one => $"{one.Name}={Uri.EscapeDataString(one.Value!)}"));
    }
}
