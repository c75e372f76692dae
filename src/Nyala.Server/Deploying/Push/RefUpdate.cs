using Nyala.Server.Deploying.Git;
using Nyala.Server.Sites;

namespace Nyala.Server.Deploying.Push;

/// <summary>What a push does to a ref.</summary>
/// <param name="New">The object that the ref points to afterwards; all zeros if the ref is removed.</param>
/// <param name="Ref">The full name of the ref.</param>
internal sealed record RefUpdate(string New, string Ref)
{
    /// <summary>Whether the ref is removed.</summary>
    public bool Deletes => New.All(digit => digit == '0');

    /// <summary>Whether this creates a branch or moves it to another commit.</summary>
    public bool Moves(string branch) => !Deletes && Ref == BranchName.Heads + branch;

    /// <summary>The kind and name of the ref, for people.</summary>
    public string Name => Ref.StartsWith(BranchName.Heads, StringComparison.Ordinal) ? $"Branch '{Ref[BranchName.Heads.Length..]}'"
        : Ref.StartsWith(PushRule.Tags, StringComparison.Ordinal) ? $"Tag '{Ref[PushRule.Tags.Length..]}'"
        : $"'{Ref}'";

    /// <summary>Reads <c>OLD NEW REF</c>, the form that git passes to hooks and that begins a push; null if the line has another form.</summary>
    public static RefUpdate? Read(ReadOnlySpan<char> line)
    {
        Span<Range> parts = stackalloc Range[4];
        return line.Split(parts, ' ') == 3 && CommitName.IsWhole(line[parts[0]]) && CommitName.IsWhole(line[parts[1]]) && line[parts[2]].StartsWith("refs/")
            ? new RefUpdate(line[parts[1]].ToString(), line[parts[2]].ToString())
            : null;
    }
}
