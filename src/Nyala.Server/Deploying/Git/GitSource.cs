using Nyala.Client;

namespace Nyala.Server.Deploying.Git;

/// <summary>The files of a commit in the site's repository.</summary>
internal sealed class GitSource(BareRepository repository, string commit) : ISource
{
    private const int MostNamed = 5;

    public string Kind => "git";

    public bool TakesSpare => true;

    public CheckOut? CheckedOut { get; private set; }

    public async Task<string?> FillAsync(string folder, RunOutput output, CancellationToken cancellationToken)
    {
        Task keeping = repository.KeepAsync(commit);
        (CheckedOut, string? failure) = await new Checkouts(repository).WriteAsync(commit, folder, cancellationToken);
        await keeping;
        if (CheckedOut?.Scan.EmptyFolders is { Count: > 0 } submodules)
        {
            string names = string.Join(", ", submodules.Take(MostNamed)) + (submodules.Count > MostNamed ? $" and {submodules.Count - MostNamed} more" : "");
            await output.WriteAsync($"The repository has submodules ({names}); their files are not fetched, and these folders are empty.", LogEntryType.Warning);
        }

        return failure;
    }

    public Task CopyHistoryAsync(string folder, string to, string? branch, CancellationToken cancellationToken) =>
        repository.CopyHistoryAsync(commit, folder, to, branch, cancellationToken);
}
