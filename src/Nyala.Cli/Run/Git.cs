using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Nyala.Server.Processes;

namespace Nyala.Cli.Run;

/// <summary>Asks the <c>git</c> of this machine.</summary>
internal static class Git
{
    private static readonly TimeSpan FactsLimit = TimeSpan.FromSeconds(2);

    // By these a hook of git's names its own repository to the git commands in it.
    private static readonly string[] Naming =
        ["GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES"];

    /// <summary>Reads what the commit says that is checked out.</summary>
    /// <param name="environment">Where git is looked for.</param>
    /// <param name="folder">The folder to ask about; the working folder where null.</param>
    public static async Task<GitResult> ReadAsync(CommandEnvironment environment, string? folder = null) => Find(environment) is null
        ? GitResult.Missing
        : GitResult.Of(await AskAsync(
            environment, folder, FactsLimit, "log", "-1", "--no-color", "--encoding=UTF-8", "--decorate=full", GitFacts.Form, "HEAD"));

    /// <summary>Whether there is a git.</summary>
    public static bool Exists(CommandEnvironment environment) => Find(environment) is not null;

    /// <summary>Runs git and reads what it says. Of a folder the repository is asked that it lies in, also where a hook of another one calls.</summary>
    /// <param name="environment">Where git is looked for.</param>
    /// <param name="folder">The folder to ask about; the working folder where null.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="arguments">What to ask.</param>
    /// <returns>Null if there is no git, or no answer in time.</returns>
    public static async Task<ProgramResult?> AskAsync(CommandEnvironment environment, string? folder, TimeSpan limit, params string[] arguments)
    {
        if (Find(environment) is not { } git)
        {
            return null;
        }

        ProcessStartInfo start = Programs.Start(git, [.. folder is null ? Array.Empty<string>() : ["-C", folder], .. arguments]);
        start.StandardOutputEncoding = Encoding.UTF8;

        // Its refusals are recognized by their words.
        start.Environment["LC_ALL"] = "C";
        foreach (string name in folder is null ? [] : Naming)
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
