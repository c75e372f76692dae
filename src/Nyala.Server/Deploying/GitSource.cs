using Nyala.Client;

namespace Nyala.Server.Deploying;

/// <summary>The files of a commit in the site's repository.</summary>
internal sealed class GitSource(BareRepository repository, string commit) : ISource
{
    private const string Submodules = ".gitmodules";

    public string Kind => "git";

    public async Task<string?> FillAsync(string folder, RunOutput output, CancellationToken cancellationToken)
    {
        Task keeping = repository.KeepAsync(commit);
        string? failure = await repository.CheckOutAsync(commit, folder, cancellationToken);
        await keeping;
        if (failure is null && File.Exists(Path.Combine(folder, Submodules)))
        {
            await output.WriteAsync("The repository has submodules; their files are not fetched.", LogEntryType.Warning);
        }

        return failure;
    }

    public Task CopyHistoryAsync(string folder, string to, string? branch, CancellationToken cancellationToken) =>
        repository.CopyHistoryAsync(commit, folder, to, branch, cancellationToken);
}
