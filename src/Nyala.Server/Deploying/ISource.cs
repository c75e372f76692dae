using Nyala.Server.Deploying.Git;

namespace Nyala.Server.Deploying;

/// <summary>Where the files of a deployment come from.</summary>
internal interface ISource
{
    /// <summary>The kind of source, which is a label of the metrics.</summary>
    string Kind { get; }

    /// <summary>The commit, if <see cref="FillAsync"/> found out more about it than the order says; null if not.</summary>
    Commit? Found => null;

    /// <summary>The checkout that <see cref="FillAsync"/> made; null if it made none.</summary>
    CheckedOutCommit? CheckedOut => null;

    /// <summary>Whether the source uses the site's spare checkout, see <see cref="SpareCheckouts"/>.</summary>
    bool TakesSpare => false;

    /// <summary>Whether the filled folder is the finished release: no command is run, and no settings are read from it.</summary>
    bool IsRelease => false;

    /// <summary>Writes the files to an existing, empty folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="output">Receives messages for the deployment's log.</param>
    /// <param name="cancellationToken">Canceled if the deployment is canceled or the server stops.</param>
    /// <returns>Null if it succeeded; otherwise the reason for the failure, for people.</returns>
    Task<string?> FillAsync(string folder, RunOutput output, CancellationToken cancellationToken);

    /// <summary>Makes a git repository in which the filled folder is checked out. Does nothing if the files do not come from a repository.</summary>
    /// <param name="folder">The folder, as <see cref="FillAsync"/> filled it.</param>
    /// <param name="to">The path of the repository. Nothing exists there yet.</param>
    /// <param name="branch">The branch that is checked out; null for none.</param>
    /// <param name="cancellationToken">Canceled if the deployment is canceled or the server stops.</param>
    Task CopyHistoryAsync(string folder, string to, string? branch, CancellationToken cancellationToken) => Task.CompletedTask;
}
