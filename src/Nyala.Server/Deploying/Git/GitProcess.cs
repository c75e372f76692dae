using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Nyala.Server.Processes;

namespace Nyala.Server.Deploying.Git;

/// <summary>
/// Runs git without the configuration of this machine and its users, without prompts, with a clean environment, and without anything in a repository that
/// changes what an id means (replacement objects, grafts).
/// </summary>
internal static class GitProcess
{
    /// <summary>A path at which no file can exist. git prints a hint for each grafts file that it can open, even for an empty one.</summary>
    private const string Nowhere = "/dev/null/none";

    /// <summary>Describes how to start git. The caller adds what it needs.</summary>
    /// <param name="arguments">The arguments after <c>git</c>.</param>
    public static ProcessStartInfo Start(params IEnumerable<string> arguments)
    {
        ProcessStartInfo start = Programs.Start("git", arguments).WithCleanEnvironment();
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_ATTR_NOSYSTEM"] = "1";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";

        // An id must mean the object with that id, whatever else a pusher has stored.
        start.Environment["GIT_NO_REPLACE_OBJECTS"] = "1";
        start.Environment["GIT_GRAFT_FILE"] = Nowhere;

        // git reads the user's attributes even if no configuration names them. By default it syncs neither refs nor loose objects, but a ref must not be on
        // disk before the object that it names.
        Configure(start, new GitSetting("core.attributesFile", "/dev/null"), new GitSetting("core.fsync", "all"));
        return start;
    }

    /// <summary>
    /// Makes git write files that other users may read, whatever the server's umask. If git is not installed, the result is
    /// <see cref="ProgramResult.IsMissing"/>.
    /// </summary>
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

    /// <summary>Passes settings to git for this run, in its environment: every user of the machine can read arguments.</summary>
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

    /// <summary>Starts the process. If git is not installed, the error says what to do.</summary>
    /// <exception cref="GitMissingException">git is not installed on this machine.</exception>
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

    /// <summary>Runs git until it exits. The first <see cref="Programs.MaxOutput"/> characters of each output stream are kept.</summary>
    /// <exception cref="GitMissingException">git is not installed on this machine.</exception>
    public static async Task<ProgramResult> RunAsync(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        using Process process = Begin(start);
        return await Programs.RunAsync(process, cancellationToken);
    }

    /// <summary>Runs git in a repository until it exits.</summary>
    /// <exception cref="GitMissingException">git is not installed on this machine.</exception>
    public static Task<ProgramResult> RunAsync(string repository, CancellationToken cancellationToken, params IEnumerable<string> arguments)
    {
        ProcessStartInfo start = Start(["--git-dir", repository, .. arguments]);
        OrphanProcesses.Mark(start, repository);
        return RunAsync(start, cancellationToken);
    }
}

/// <summary>A git setting.</summary>
internal readonly record struct GitSetting(string Key, string Value);

/// <summary>git is not installed on this machine.</summary>
internal sealed class GitMissingException(Exception? inner = null)
    : Exception("git is not installed on the server's machine. Pushes, fetches and redeployments of commits require it. Install git.", inner);
