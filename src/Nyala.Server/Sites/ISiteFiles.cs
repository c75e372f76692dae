namespace Nyala.Server.Sites;

/// <summary>What lies in a site's folder, and who works there.</summary>
internal interface ISiteFiles
{
    /// <summary>Holds the site, so that no deployment begins there until this is disposed of; null while one is performed.</summary>
    Task<IDisposable?> HoldAsync(string site);

    /// <summary>The deployment that is performed there; null if there is none, or it is not known yet.</summary>
    string? DeploymentInProgress(string site);

    /// <summary>Removes the site's folder with all that is in it; false if there was none.</summary>
    /// <exception cref="IOException">Something of it cannot be removed.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    Task<bool> RemoveAsync(string site);
}
