using Nyala.Server.Deploying.Git;

namespace Nyala.Server.Deploying;

/// <summary>Where the files of a deployment come from.</summary>
internal interface ISource
{
    /// <summary>A word for the kind of source, by which deployments are measured.</summary>
    string Kind { get; }

    /// <summary>What filling it found out about the commit; null if it knows no more than the order.</summary>
    Commit? Found => null;

    /// <summary>What was checked out to fill it; null if nothing was.</summary>
    CheckOut? CheckedOut => null;

    /// <summary>Whether it takes over the site's spare checkout, see <see cref="SpareCheckouts"/>.</summary>
    bool TakesSpare => false;

    /// <summary>Whether what it fills in is the release as it is: no command is run, and no settings are read out of it.</summary>
    bool IsRelease => false;

    /// <summary>Fills a folder that is there and empty.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="output">For what a person should read meanwhile.</param>
    /// <param name="cancellationToken">The server stops.</param>
    /// <returns>Null if it succeeded, else why not, for a person.</returns>
    Task<string?> FillAsync(string folder, RunOutput output, CancellationToken cancellationToken);

    /// <summary>Makes a git repository in which the filled folder is checked out; nothing if the files are of no repository.</summary>
    /// <param name="folder">The folder, as it was filled.</param>
    /// <param name="to">Where the repository goes; nothing is there.</param>
    /// <param name="branch">The branch that is checked out; null for none.</param>
    /// <param name="cancellationToken">The server stops.</param>
    Task CopyHistoryAsync(string folder, string to, string? branch, CancellationToken cancellationToken) => Task.CompletedTask;
}
