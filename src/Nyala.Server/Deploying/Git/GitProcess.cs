using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Nyala.Server.Processes;

namespace Nyala.Server.Deploying.Git;

/// <summary>
/// Runs git: without the configuration of this machine and its users, without questions, with a clean environment, and without anything that a repository
/// may hold to change what an id means (replacement objects, grafts).
/// </summary>
internal static class GitProcess
{
    /// <summary>A path that no file can have. An empty file would do as well, but git prints a hint for each grafts file that it can open.</summary>
    private const string Nowhere = "/dev/null/none";

    /// <summary>How git is started. The caller adds what it needs.</summary>
    /// <param name="arguments">What follows <c>git</c>.</param>
    public static ProcessStartInfo Start(params IEnumerable<string> arguments)
    {
        ProcessStartInfo start = Programs.Start("git", arguments).WithCleanEnvironment();
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_ATTR_NOSYSTEM"] = "1";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";

        // An id means the object with that id, whatever a pusher stored beside it.
        start.Environment["GIT_NO_REPLACE_OBJECTS"] = "1";
        start.Environment["GIT_GRAFT_FILE"] = Nowhere;

        // The user's own are read without being named in any configuration. A ref must not be on the disk before what it names: git syncs
        // neither refs nor loose objects by itself.
        Configure(start, new GitSetting("core.attributesFile", "/dev/null"), new GitSetting("core.fsync", "all"));
        return start;
    }

    /// <summary>Has git write files that others may read, whatever the server's umask. Without git it ends as <see cref="ProgramResult.IsMissing"/> says.</summary>
    public static ProcessStartInfo Readable(ProcessStartInfo start)
    {
        string[] git = [start.FileName, .. start.ArgumentList];
        start.FileName = "/bin/sh";
        start.ArgumentList.Clear();
        foreach (string argument in (string[])["-c", "umask 022; exec \"$@\"", "sh", .. git])
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    /// <summary>Gives git settings for this one run, by its environment: an argument can be read by every user of the machine.</summary>
    public static void Configure(ProcessStartInfo start, params IEnumerable<GitSetting> settings)
    {
        int count = start.Environment.TryGetValue("GIT_CONFIG_COUNT", out string? before) ? int.Parse(before!, CultureInfo.InvariantCulture) : 0;
        foreach (GitSetting setting in settings)
        {
            start.Environment[$"GIT_CONFIG_KEY_{count}"] = setting.Key;
            start.Environment[$"GIT_CONFIG_VALUE_{count}"] = setting.Value;
            count++;
        }

        start.Environment["GIT_CONFIG_COUNT"] = count.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Starts the process, with an error that says what to do where git is not there.</summary>
    /// <exception cref="GitMissingException">There is no git on this machine.</exception>
    public static Process Begin(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new GitMissingException(error);
        }
    }

    /// <summary>Runs git to its end. Of what it says the first million characters are kept.</summary>
    /// <exception cref="GitMissingException">There is no git on this machine.</exception>
    public static async Task<ProgramResult> RunAsync(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        using Process process = Begin(start);
        return await Programs.RunAsync(process, cancellationToken);
    }

    /// <summary>Runs git to its end in a repository.</summary>
    /// <exception cref="GitMissingException">There is no git on this machine.</exception>
    public static Task<ProgramResult> RunAsync(string repository, CancellationToken cancellationToken, params IEnumerable<string> arguments)
    {
        ProcessStartInfo start = Start(["--git-dir", repository, .. arguments]);
        OrphanProcesses.Mark(start, repository);
        return RunAsync(start, cancellationToken);
    }
}

/// <summary>A setting of git's.</summary>
internal readonly record struct GitSetting(string Key, string Value);

/// <summary>There is no git on this machine.</summary>
internal sealed class GitMissingException(Exception? inner = null)
    : Exception("git is not installed on the server's machine, which a push, a fetch and the redeployment of a commit need. Install git.", inner);
