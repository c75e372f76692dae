using Nyala.Client;

namespace Nyala.Server.Deploying;

/// <summary>The files of a commit in the site's repository.</summary>
internal sealed class GitSource(BareRepository repository, string commit) : ISource
{
    private const int MostNamed = 5;

    public string Kind => "git";

    public CheckOut? CheckedOut { get; private set; }

    public async Task<string?> FillAsync(string folder, RunOutput output, CancellationToken cancellationToken)
    {
        Task keeping = repository.KeepAsync(commit);
        string? failure = await repository.CheckOutAsync(commit, folder, cancellationToken);
        await keeping;
        if (failure is null)
        {
            CheckedOut = new CheckOut(repository, commit, BareRepository.CountFiles(folder));
        }

        if (failure is null && Submodules(folder) is { Length: > 0 } submodules)
        {
            string names = string.Join(", ", submodules.Take(MostNamed)) + (submodules.Length > MostNamed ? $" and {submodules.Length - MostNamed} more" : "");
            await output.WriteAsync($"The repository has submodules ({names}); their files are not fetched, and these folders are empty.", LogEntryType.Warning);
        }

        return failure;
    }

    public Task CopyHistoryAsync(string folder, string to, string? branch, CancellationToken cancellationToken) =>
        repository.CopyHistoryAsync(commit, folder, to, branch, cancellationToken);

    /// <summary>The submodules of what was checked out, also those that no <c>.gitmodules</c> names: git knows no empty folders but theirs.</summary>
    private static string[] Submodules(string folder)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        return
        [
            .. Directory.EnumerateDirectories(folder, "*", options)
                .Where(path => !Directory.EnumerateFileSystemEntries(path).Any())
                .Select(path => Path.GetRelativePath(folder, path))
                .Order(StringComparer.Ordinal),
        ];
    }
}
