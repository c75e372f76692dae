using Nyala.Server.Processes;

namespace Nyala.Server.Deploying.Push;

/// <summary>
/// The only hooks that git runs during a push. The pusher sees their output. They are written before the first push after each start of the server, and a repository's own hooks are
/// ignored.
/// </summary>
internal sealed class PushHooks
{
    /// <summary>The environment variable that names the push's folder, which holds its two pipes and its hooks.</summary>
    public const string PipesVariable = "NYALA_PUSH";

    /// <summary>The line with which the server lets git continue.</summary>
    public const string Go = "go";

    /// <summary>The prefix of a line that is shown before git continues.</summary>
    public const string Shown = ":";

    /// <summary>The file in the push's folder that names the refused branch.</summary>
    public const string RefusedFile = "refused";

    private const string PreReceive = "pre-receive";
    private const string Update = "update";
    private const string PostReceive = "post-receive";

    // Each pipe is first opened for both reading and writing, which never blocks, so that the hook ends at once if the server is gone. The pipe to read is
    // opened before anything is sent, so that nothing of the reply is missed.
    private const string Connect = $"""
        exec 4<>"${PipesVariable}/out" 3<"${PipesVariable}/out" 4>&-
        exec 4<>"${PipesVariable}/in" 5>"${PipesVariable}/in" 4>&-
        while IFS= read -r line; do printf '%s\n' "$line" || exit 1; done >&5
        echo end >&5
        exec 5>&-
        """;

    private const string PreReceiveScript = $$"""
        #!/bin/sh
        # Asks the server what may be stored, after the whole push has arrived and before git stores it. Stores nothing without an answer.
        [ -p "${{PipesVariable}}/out" ] && [ -p "${{PipesVariable}}/in" ] || exit 1
        {{Connect}}
        while IFS= read -r line <&3; do
            [ "$line" = {{Go}} ] && exit 0
            printf '%s\n' "${line#{{Shown}}}"
        done
        exit 1
        """;

    private const string UpdateScript = $"""
        #!/bin/sh
        # Rejects the refs that the server refuses. The pusher has already seen the reasons.
        case "$1" in refs/heads/*|refs/tags/*) ;; *) exit 1 ;; esac
        [ -f "${PipesVariable}/{RefusedFile}" ] || exit 0
        IFS= read -r refused <"${PipesVariable}/{RefusedFile}"
        [ "$1" != "$refused" ]
        """;

    private const string PostReceiveScript = $"""
        #!/bin/sh
        # Reports the stored refs to the server, and shows its messages until the deployment has ended.
        [ -p "${PipesVariable}/out" ] && [ -p "${PipesVariable}/in" ] || exit 0
        {Connect}
        cat <&3
        """;

    private readonly string _folder;

    public PushHooks(string data)
    {
        _folder = Path.Combine(data, "git-hooks");
        Directory.CreateDirectory(_folder);
        Write(PreReceive, PreReceiveScript);
        Write(Update, UpdateScript);
        Write(PostReceive, PostReceiveScript);
    }

    /// <summary>Puts the hooks that every push runs into the push's folder.</summary>
    public void Put(string folder)
    {
        File.CreateSymbolicLink(Path.Combine(folder, PreReceive), Path.Combine(_folder, PreReceive));
        File.CreateSymbolicLink(Path.Combine(folder, PostReceive), Path.Combine(_folder, PostReceive));
    }

    /// <summary>
    /// Makes git check each ref and refuse those that are neither branches nor tags, and the named branch. The check costs time, so only pushes with a refused
    /// ref get it.
    /// </summary>
    /// <param name="folder">The push's folder.</param>
    /// <param name="branch">The full name of the refused branch; null if none is refused.</param>
    public void Refuse(string folder, string? branch)
    {
        if (branch is not null)
        {
            File.WriteAllText(Path.Combine(folder, RefusedFile), branch + "\n");
        }

        File.CreateSymbolicLink(Path.Combine(folder, Update), Path.Combine(_folder, Update));
    }

    /// <summary>Returns why git cannot run the hooks, for example because the data folder is mounted noexec; null if it can.</summary>
    public string? WhyNotRun() => Posix.MayExecute(Path.Combine(_folder, PreReceive)) ? null
        : $"Files in the server's data folder cannot be executed ('{_folder}'), which a push requires. Mount it without noexec.";

    private void Write(string name, string script)
    {
        string path = Path.Combine(_folder, name);
        string written = path + ".new";
        File.WriteAllText(written, script.ReplaceLineEndings("\n") + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(written, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        File.Move(written, path, overwrite: true);
    }
}
