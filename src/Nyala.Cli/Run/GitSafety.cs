using System.Diagnostics;

namespace Nyala.Cli.Run;

/// <summary>
/// Prevents a repository's own configuration from running programs when git reads the repository: an unpacked archive can contain a <c>.git/config</c> that
/// somebody else wrote. Settings on git's command line override every configuration file.
/// </summary>
internal static class GitSafety
{
    /// <summary>The settings that name a program or make git look for one, each with a value that disables it.</summary>
    public static readonly IReadOnlyList<string> Settings =
    [
        "core.fsmonitor=false", "core.hooksPath=/dev/null", "core.pager=cat", "core.sshCommand=false", "core.gitProxy=", "core.askPass=", "core.editor=false",
        "core.alternateRefsCommand=false", "core.untrackedCache=false", "credential.helper=", "diff.external=", "gpg.program=false", "gpg.ssh.program=false",
        "gpg.x509.program=false", "gpg.ssh.defaultKeyCommand=", "log.showSignature=false", "log.mailmap=false", "submodule.recurse=false", "uploadpack.packObjectsHook=",
        "maintenance.auto=false", "gc.auto=0",
    ];

    /// <summary>Inserts the settings before the arguments of a git command.</summary>
    public static void Apply(ProcessStartInfo start)
    {
        string[] before = ["--no-pager", "--no-optional-locks", "--no-replace-objects", .. Settings.SelectMany(setting => (string[])["-c", setting])];
        for (int i = 0; i < before.Length; i++)
        {
            start.ArgumentList.Insert(i, before[i]);
        }

        // A partial clone fetches missing objects with any command that its configuration names.
        start.Environment["GIT_NO_LAZY_FETCH"] = "1";
        start.Environment["GIT_ALLOW_PROTOCOL"] = "none";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
    }
}
