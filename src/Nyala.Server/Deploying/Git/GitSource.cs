using Nyala.Client;

namespace Nyala.Server.Deploying.Git;

/// <summary>The files of a commit in the site's repository.</summary>
internal sealed class GitSource(BareRepository repository, string commit) : ISource
{
    private const int MaxNamed = 5;

    public string Kind => "git";

    public bool TakesSpare => true;

    public CheckedOutCommit? CheckedOut { get; private set; }

    public async Task<string?> FillAsync(string folder, RunOutput output, CancellationToken cancellationToken)
    {
        Task keeping = repository.KeepAsync(commit);
        (CheckedOut, string? failure) = await new Checkouts(repository).WriteAsync(commit, folder, cancellationToken);
        await keeping;
        if (CheckedOut?.Scan.EmptyFolders is { Count: > 0 } submodules)
        {
            string names = string.Join(", ", submodules.Take(MaxNamed)) + (submodules.Count > MaxNamed ? $" and {submodules.Count - MaxNamed} more" : "");
            await output.WriteAsync($"The repository has submodules ({names}). Their files are not fetched, and these folders are empty.", LogEntryType.Warning);
        }

        return failure;
    }

    public Task CopyHistoryAsync(string folder, string to, string? branch, CancellationToken cancellationToken) =>
        repository.CopyHistoryAsync(commit, folder, to, branch, cancellationToken);
}
