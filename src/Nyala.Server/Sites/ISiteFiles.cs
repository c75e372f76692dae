namespace Nyala.Server.Sites;

/// <summary>Gives access to a site's folder and to the deployment in progress there.</summary>
internal interface ISiteFiles
{
    /// <summary>Holds the site, so that no deployment starts there until the result is disposed. Returns null if a deployment is in progress.</summary>
    Task<IDisposable?> HoldAsync(string site);

    /// <summary>Returns the id of the deployment in progress; null if there is none, or if its id is not known yet.</summary>
    string? DeploymentInProgress(string site);

    /// <summary>Removes the site's folder and its contents. Returns false if the folder did not exist.</summary>
    /// <exception cref="IOException">A part of the folder cannot be removed.</exception>
    /// <exception cref="UnauthorizedAccessException">The server is not allowed to remove a part of the folder.</exception>
    Task<bool> RemoveAsync(string site);
}
