using CsCheck;
using Nyala.Server.Deploying.Zip;
using Nyala.Tests.Fuzzing;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deploying.Zip;

public sealed class ZipPathRuleTests
{
    private static readonly Gen<string> Names = Gen.OneOf(
        Gen.Char["./\\:aC\0é\u202e "].Array[0, 12].Select(chars => new string(chars)),
        Odd.Text("a/b.txt", "../../etc/passwd", "C:\\Windows", "\\\\server\\share", "a/../b", "..", ".", "a//b", "a/./b"));

    [Theory]
    [InlineData("index.html", "index.html")]
    [InlineData("a/b/c.txt", "a/b/c.txt")]
    [InlineData("a\\b\\c.txt", "a/b/c.txt")]
    [InlineData("./a/./b", "a/b")]
    [InlineData("...", "...")]
    [InlineData("..a/b..", "..a/b..")]
    [InlineData("a/C:b", "a/C:b")]
    [InlineData("käse/日本.txt", "käse/日本.txt")]
    [InlineData(" ", " ")]
    public void A_valid_file_name_becomes_a_relative_path(string name, string path) => Assert.Equal(path, ZipPath.Of(name, folder: false, out _));

    [Theory]
    [InlineData("a/", "a")]
    [InlineData("a\\b\\", "a/b")]
    [InlineData("./", "")]
    [InlineData("a", "a")]
    public void A_valid_folder_name_becomes_a_relative_path(string name, string path) => Assert.Equal(path, ZipPath.Of(name, folder: true, out _));

    [Theory]
    [InlineData("", "has no name")]
    [InlineData("../a", "..")]
    [InlineData("a/../../b", "..")]
    [InlineData("a/..", "..")]
    [InlineData("..\\a", "..")]
    [InlineData("a\\..\\..\\b", "..")]
    [InlineData("a/..\\../b", "..")]
    [InlineData("./../a", "..")]
    [InlineData("/etc/passwd", "absolute")]
    [InlineData("//server/share", "absolute")]
    [InlineData("\\windows", "absolute")]
    [InlineData("\\\\?\\C:\\x", "absolute")]
    [InlineData("C:\\x", "drive")]
    [InlineData("c:x", "drive")]
    [InlineData("Z:/x", "drive")]
    [InlineData("./Z:/x", "drive")]
    [InlineData("a\0b", "control")]
    [InlineData("a\nb", "control")]
    [InlineData("a\u001b[31m", "control")]
    [InlineData("a//b", "empty")]
    [InlineData("a/", "empty")]
    [InlineData(".", "not the path of a file")]
    public void An_unsafe_name_is_refused_with_the_reason(string name, string why)
    {
        Assert.Null(ZipPath.Of(name, folder: false, out string reason));
        Assert.Contains(why, reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_over_255_bytes_and_paths_over_1024_bytes_are_refused()
    {
        string longest = new('x', 255);
        Assert.NotNull(ZipPath.Of(longest, folder: false, out _));
        Assert.Null(ZipPath.Of(longest + "x", folder: false, out string part));
        Assert.Contains("255 bytes", part, StringComparison.Ordinal);
        Assert.Null(ZipPath.Of(new string('é', 128), folder: false, out _));

        string path = string.Join('/', Enumerable.Repeat(new string('y', 204), 5));
        Assert.Equal(1024, path.Length);
        Assert.NotNull(ZipPath.Of(path, folder: false, out _));
        Assert.Null(ZipPath.Of(path + "y", folder: false, out string whole));
        Assert.Contains("1024 bytes", whole, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_name_becomes_a_path_inside_the_target_or_is_refused() => Gen.Select(Names, Gen.Bool).Sample(
        (name, folder) =>
        {
            string? path = ZipPath.Of(name, folder, out string reason);

            Assert.Equal(path is null, reason.Length > 0);
            if (path is null)
            {
                return;
            }

            Assert.DoesNotContain(path, char.IsControl);
            string full = Path.GetFullPath(Path.Combine("/target", path));
            Assert.Equal(path.Length == 0 ? "/target" : "/target/" + path, full.TrimEnd('/'));
            Assert.Equal(path, ZipPath.Of(path.Length == 0 ? "./" : path, folder, out _));
        },
        iter: Fuzz.Cases);
}
