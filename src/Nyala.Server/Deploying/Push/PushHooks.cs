
namespace Nyala.Server.Deploying.Push;

/// <summary>
/// The hooks that git runs in a push, and the only ones: whoever pushes sees what they print. They are written anew at each start,
/// and a repository's own are never looked at.
/// </summary>
internal sealed class PushHooks
{
    /// <summary>Names the folder of the push's two pipes.</summary>
    public const string PipesVariable = "NYALA_PUSH";

    /// <summary>Names the ref that is refused.</summary>
    public const string RefusedVariable = "NYALA_REFUSED";

    /// <summary>Says why.</summary>
    public const string ReasonVariable = "NYALA_REASON";

    // Each pipe is first opened both ways, which waits for nobody: where the server is gone meanwhile, the hook ends at once. The one
    // to read is opened before anything is said, so that nothing of the answer is missed.
    private const string PostReceive = $"""
        #!/bin/sh
        # Tells the server what was pushed, and shows what it says until the deployment has ended.
        [ -p "${PipesVariable}/out" ] && [ -p "${PipesVariable}/in" ] || exit 0
        exec 4<>"${PipesVariable}/out" 3<"${PipesVariable}/out" 4>&-
        exec 4<>"${PipesVariable}/in" 5>"${PipesVariable}/in" 4>&-
        while read -r line; do echo "$line" || exit 0; done >&5
        echo end >&5
        exec 5>&- cat <&3
        """;

    private const string Update = $"""
        #!/bin/sh
        # Turns away a push of the branch that is being deployed, and no other.
        [ "$1" = "${RefusedVariable}" ] || exit 0
        echo "${ReasonVariable}"
        exit 1
        """;

    private readonly string _folder;

    public PushHooks(string data)
    {
        _folder = Path.Combine(data, "git-hooks");
        Directory.CreateDirectory(Path.Combine(_folder, "taken"));
        Directory.CreateDirectory(Path.Combine(_folder, "refused"));
        Write("taken/post-receive", PostReceive);
        Write("refused/post-receive", PostReceive);
        Write("refused/update", Update);
    }

    /// <summary>The folder of the hooks for a push.</summary>
    /// <param name="refuses">Whether one of its refs is refused.</param>
    public string For(bool refuses) => Path.Combine(_folder, refuses ? "refused" : "taken");

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
