using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Nyala.Server.Processes;

namespace Nyala.Cli.Run;

/// <summary>Runs the <c>git</c> that is installed on this machine.</summary>
internal static class Git
{
    private static readonly TimeSpan FactsLimit = TimeSpan.FromSeconds(2);

    // Git sets these variables for the hooks that it runs, so that git commands in a hook use the hook's repository.
    private static readonly string[] RepositoryVariables =
        ["GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES"];

    /// <summary>Reads the facts about the checked-out commit.</summary>
    /// <param name="environment">The environment whose PATH is searched for git.</param>
    /// <param name="folder">A folder in the repository; null for the working folder.</param>
    public static async Task<GitResult> ReadAsync(CommandEnvironment environment, string? folder = null) => Find(environment) is null
        ? GitResult.Missing
        : GitResult.Of(await RunAsync(
            environment, folder, FactsLimit, "log", "-1", "--no-color", "--encoding=UTF-8", "--decorate=full", GitFacts.Form, "HEAD"));

    /// <summary>Whether git is installed.</summary>
    public static bool IsInstalled(CommandEnvironment environment) => Find(environment) is not null;

    /// <summary>
    /// Runs git and returns its output. If a folder is given, git uses the repository that contains it, even if a hook of another repository started this
    /// process.
    /// </summary>
    /// <param name="environment">The environment whose PATH is searched for git.</param>
    /// <param name="folder">The folder to run git in; null for the working folder.</param>
    /// <param name="limit">The maximum duration.</param>
    /// <param name="arguments">The arguments of git.</param>
    /// <returns>The result; null if git is not installed, cannot be run, or does not end in time.</returns>
    public static async Task<ProgramResult?> RunAsync(CommandEnvironment environment, string? folder, TimeSpan limit, params string[] arguments)
    {
        if (Find(environment) is not { } git)
        {
            return null;
        }

        ProcessStartInfo start = Programs.Start(git, [.. folder is null ? Array.Empty<string>() : ["-C", folder], .. arguments]);
        start.StandardOutputEncoding = Encoding.UTF8;

        // Git's errors are recognized by their English text.
        start.Environment["LC_ALL"] = "C";
        foreach (string name in folder is null ? [] : RepositoryVariables)
        {
            start.Environment.Remove(name);
        }

        GitSafety.Apply(start);
        using var end = new CancellationTokenSource(limit, environment.Clock);
        try
        {
            return await Programs.RunAsync(start, end.Token, int.MaxValue);
        }
        catch (Exception error) when (error is Win32Exception or IOException or InvalidOperationException or OperationCanceledException)
        {
            return null;
        }
    }

    private static string? Find(CommandEnvironment environment) => CommandPath.Find("git", environment.Variable("PATH")) is { Problem: null } git ? git.Path : null;
}
