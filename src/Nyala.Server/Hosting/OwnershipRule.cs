using Nyala.Server.Disk;

namespace Nyala.Server.Hosting;

/// <summary>Decides whether an entry of the data folder is the server's own. Pure.</summary>
internal static class OwnershipRule
{
    /// <summary>Returns why a file is refused; null if it is a regular file of the server's user and has only this name.</summary>
    public static string? RefuseFile(string path, FileFacts facts, uint user) => facts switch
    {
        { Kind: FileKind.Link } => $"{path} is a symbolic link, so the server would read or write a file elsewhere. Replace it with the file itself.",
        { Kind: not FileKind.File } => $"{path} is not a file. Move it away.",
        _ when facts.Owner != user => Foreign(path, facts.Owner, user),
        { Names: > 1 } =>
            $"{path} is a hard link: the same file has {facts.Names} names, so the server's data can be read or changed under another name. Replace it with a copy: cp -p {path} {path}.copy && mv {path}.copy {path}",
        _ => null,
    };

    /// <summary>Returns why a folder is refused; null if it is a folder of the server's user.</summary>
    /// <param name="facts">The facts of the folder, or of the target if it is a link.</param>
    public static string? RefuseFolder(string path, FileFacts facts, uint user) => facts switch
    {
        { Kind: not FileKind.Folder } => $"{path} is not a folder. Move it away, or specify another folder with --data.",
        _ when facts.Owner != user => Foreign(path, facts.Owner, user),
        _ => null,
    };

    private static string Foreign(string path, uint owner, uint user) =>
        $"{path} belongs to the user {owner}, but the server runs as {user}. The owner could read and change data that the server trusts. Run the server as {owner}, or change the owner: chown -R {user} {path}";
}
