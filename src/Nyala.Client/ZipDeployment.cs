namespace Nyala.Client;

/// <summary>Facts about the deployment of a zip file. The server has a default for each.</summary>
public sealed record ZipDeployment
{
    /// <summary>The author of the deployed files.</summary>
    public string? Author { get; init; }

    /// <summary>The author's e-mail address.</summary>
    public string? AuthorEmail { get; init; }

    /// <summary>The person or system that deploys.</summary>
    public string? Deployer { get; init; }

    /// <summary>A description of the deployment.</summary>
    public string? Message { get; init; }

    internal string Query()
    {
        (string Name, string? Value)[] said = [("isAsync", "true"), ("author", Author), ("authorEmail", AuthorEmail), ("deployer", Deployer), ("message", Message)];
        return string.Join('&', said.Where(one => one.Value is not null).Select(one => $"{one.Name}={Uri.EscapeDataString(one.Value!)}"));
    }
}
