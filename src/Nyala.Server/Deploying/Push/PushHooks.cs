using Nyala.Server.Processes;

namespace Nyala.Server.Deploying.Push;

/// <summary>
/// The only hooks that git runs in a push. The pusher sees what they print. They are written at each start,
/// and a repository's own are never looked at.
/// </summary>
internal sealed class PushHooks
{
    /// <summary>Names the folder of the push: its two pipes, and its hooks.</summary>
    public const string PipesVariable = "NYALA_PUSH";

    /// <summary>The line by which the server lets git go on.</summary>
    public const string Go = "go";

    /// <summary>What stands before a line that is shown before git goes on.</summary>
    public const string Shown = ":";

    /// <summary>The file that names the branch which is refused, in the push's folder.</summary>
    public const string RefusedFile = "refused";

    private const string PreReceive = "pre-receive";
    private const string Update = "update";
    private const string PostReceive = "post-receive";

    // Each pipe is first opened both ways, which waits for nobody: where the server is gone meanwhile, the hook ends at once. The one
    // to read is opened before anything is said, so that nothing of the answer is missed.
    private const string Connect = $"""
        exec 4<>"${PipesVariable}/out" 3<"${PipesVariable}/out" 4>&-
        exec 4<>"${PipesVariable}/in" 5>"${PipesVariable}/in" 4>&-
        while IFS= read -r line; do printf '%s\n' "$line" || exit 1; done >&5
        echo end >&5
        exec 5>&-
        """;

    private const string PreReceiveScript = $$"""
        #!/bin/sh
        # Asks the server what may be stored, once all of the push is here and before any of it is. Without an answer nothing is.
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
        # Turns away what the server refuses of a push, and no more. The reasons were told before.
        case "$1" in refs/heads/*|refs/tags/*) ;; *) exit 1 ;; esac
        [ -f "${PipesVariable}/{RefusedFile}" ] || exit 0
        IFS= read -r refused <"${PipesVariable}/{RefusedFile}"
        [ "$1" != "$refused" ]
        """;

    private const string PostReceiveScript = $"""
        #!/bin/sh
        # Tells the server what was pushed, and shows what it says until the deployment has ended.
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

    /// <summary>Puts the hooks of every push into the push's folder.</summary>
    public void Put(string folder)
    {
        File.CreateSymbolicLink(Path.Combine(folder, PreReceive), Path.Combine(_folder, PreReceive));
        File.CreateSymbolicLink(Path.Combine(folder, PostReceive), Path.Combine(_folder, PostReceive));
    }

    /// <summary>
    /// Has git ask for each ref whether it is refused: all that are neither branches nor tags, and the branch that is named. Only pushes of which something is refused
    /// pay for that.
    /// </summary>
    /// <param name="folder">The push's folder.</param>
    /// <param name="branch">The full name of the branch that is refused; null if none is.</param>
    public void Refuse(string folder, string? branch)
    {
        if (branch is not null)
        {
            File.WriteAllText(Path.Combine(folder, RefusedFile), branch + "\n");
        }

        File.CreateSymbolicLink(Path.Combine(folder, Update), Path.Combine(_folder, Update));
    }

    /// <summary>Why git would not run the hooks, as where the data folder is mounted without leave to execute; null if it does.</summary>
    public string? WhyNotRun() => Posix.MayExecute(Path.Combine(_folder, PreReceive)) ? null
        : $"The server's data folder lets nothing be executed ('{_folder}'), which a push needs. Mount it without noexec.";

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
