using Nyala.Cli;
using Nyala.Cli.Deploy;
using Nyala.Tests.Cli.Support;

namespace Nyala.Tests.Cli;

public sealed class FolderWalkTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void All_files_are_found_except_git_metadata_and_excluded_ones()
    {
        Write("index.html", ".env", "b/c.txt", "b/node_modules/x.js", "node_modules/y/z.js", "dist/app.map", "a.map", ".git/config", "b/.git");
        Directory.CreateDirectory(_folder.In("empty/er"));

        Assert.Equal([".env", "a.map", "b/", "b/c.txt", "empty/", "empty/er/", "index.html"], Find("node_modules/", "dist/*.map", "dist"));
        Assert.Equal(
            [
                ".env", "a.map", "b/", "b/c.txt", "b/node_modules/", "b/node_modules/x.js", "dist/", "dist/app.map", "empty/", "empty/er/", "index.html", "node_modules/", "node_modules/y/",
                "node_modules/y/z.js",
            ],
            Find());
    }

    [Theory]
    [InlineData("c.txt", "a/b/c.txt", true)]
    [InlineData("*.txt", "a/b/c.txt", true)]
    [InlineData("?.txt", "a/b/c.txt", true)]
    [InlineData("b", "a/b", true)]
    [InlineData("/b", "a/b", false)]
    [InlineData("/a", "a", true)]
    [InlineData("./a", "a", true)]
    [InlineData("a/", "a", true)]
    [InlineData("a/*.txt", "a/b/c.txt", true)]
    [InlineData("b/c.txt", "a/b/c.txt", false)]
    [InlineData("*/c.txt", "a/b/c.txt", true)]
    [InlineData("A", "a", false)]
    [InlineData("", "a", false)]
    [InlineData("none", ".git", true)]
    [InlineData("none", "a/.git", true)]
    [InlineData("none", ".gitignore", false)]
    public void Exclusion_patterns_match_names_and_paths(string pattern, string path, bool left) => Assert.Equal(left, new Exclusion([pattern]).Matches(path));

    [Fact]
    public void A_link_to_a_file_inside_the_folder_is_read_as_that_file()
    {
        Write("a/real.txt");
        File.CreateSymbolicLink(_folder.In("link.txt"), "a/real.txt");
        File.CreateSymbolicLink(_folder.In("again.txt"), "link.txt");

        Assert.Equal(["a/", "a/real.txt", "again.txt", "link.txt"], Find());
        Assert.All(Files().Where(file => file.Source is not null), file => Assert.Equal(_folder.In("a", "real.txt"), file.Source));
    }

    [Fact]
    public void The_folder_to_deploy_may_be_a_symbolic_link()
    {
        Write("real/a.txt");
        File.CreateSymbolicLink(_folder.In("real/b.txt"), "a.txt");
        Directory.CreateSymbolicLink(_folder.In("current"), "real");

        Assert.Equal(["a.txt", "b.txt"], FolderWalk.Find(_folder.In("current"), new Exclusion([]), IgnoredFiles.None).Files.Select(file => file.Path));
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../outside")]
    [InlineData("nowhere")]
    [InlineData("odd")]
    [InlineData("folder")]
    [InlineData("out/passwd")]
    public void A_link_that_does_not_lead_to_a_file_inside_the_folder_is_refused_by_name(string target)
    {
        Write("site/folder/a.txt");
        Directory.CreateSymbolicLink(_folder.In("site/out"), "/etc");
        File.WriteAllText(_folder.In("outside"), "x");
        File.CreateSymbolicLink(_folder.In("site/odd"), target);

        CommandFailure failure = Assert.Throws<CommandFailure>(() => FolderWalk.Find(_folder.In("site"), new Exclusion(["out"]), IgnoredFiles.None));

        Assert.StartsWith($"odd is a symbolic link to {target}, which is not a file inside the folder.", failure.Message, StringComparison.Ordinal);
        Assert.NotEmpty(FolderWalk.Find(_folder.In("site"), new Exclusion(["odd", "out"]), IgnoredFiles.None).Files);
    }

    [Fact]
    public void A_folder_with_nothing_to_deploy_is_refused()
    {
        Write(".git/config", "left/out.txt");
        Directory.CreateDirectory(_folder.In("empty"));

        Assert.Contains("nothing to deploy", Assert.Throws<CommandFailure>(() => Find("left")).Message, StringComparison.Ordinal);
    }

    private IReadOnlyList<FolderFile> Files(params string[] exclude) => FolderWalk.Find(_folder.Path, new Exclusion(exclude), IgnoredFiles.None).Files;

    private IEnumerable<string> Find(params string[] exclude) => Files(exclude).Select(file => file.Path);

    private void Write(params string[] files)
    {
        foreach (string file in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder.In(file))!);
            File.WriteAllText(_folder.In(file), file);
        }
    }
}
