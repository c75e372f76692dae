using System.Diagnostics;

namespace Nyala.Cli.Run;

/// <summary>
/// What keeps a repository's own configuration from running anything when git is asked about it: an archive that was unpacked brings a <c>.git/config</c> of somebody else's.
/// Settings on git's command line win over every file.
/// </summary>
internal static class GitSafety
{
    /// <summary>Settings that name a program, or that make git look for one, each put to rest.</summary>
    public static readonly IReadOnlyList<string> Settings =
    [
        "core.fsmonitor=false", "core.hooksPath=/dev/null", "core.pager=cat", "core.sshCommand=false", "core.gitProxy=", "core.askPass=", "core.editor=false",
        "core.alternateRefsCommand=false", "core.untrackedCache=false", "credential.helper=", "diff.external=", "gpg.program=false", "gpg.ssh.program=false",
        "gpg.x509.program=false", "gpg.ssh.defaultKeyCommand=", "log.showSignature=false", "log.mailmap=false", "submodule.recurse=false", "uploadpack.packObjectsHook=",
        "maintenance.auto=false", "gc.auto=0",
    ];

    /// <summary>Puts it before the arguments of a call of git.</summary>
    public static void Apply(ProcessStartInfo start)
    {
        string[] before = ["--no-pager", "--no-optional-locks", "--no-replace-objects", .. Settings.SelectMany(setting => (string[])["-c", setting])];
        for (int i = 0; i < before.Length; i++)
        {
            start.ArgumentList.Insert(i, before[i]);
        }

        // A partial clone fetches what it lacks by whatever command its configuration names.
        start.Environment["GIT_NO_LAZY_FETCH"] = "1";
        start.Environment["GIT_ALLOW_PROTOCOL"] = "none";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
    }
}
