using CsCheck;
using Nyala.Server.Deploying.Zip;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deploying.Zip;

public sealed class SitePathTests
{
    private static readonly string[] Parts = ["..", ".", "a", "home", "site", "wwwroot", "%home%", "$home", "/", "//", "\\", "\0", "ü", "C:", " "];

    [Fact]
    public void Read_returns_a_path_inside_the_site_or_a_reason() =>
        Gen.Int[0, Parts.Length - 1].Array[0, 8].Select(parts => string.Concat(parts.Select(part => Parts[part]))).Sample(
            given =>
            {
                string? path = SitePath.Read(given, out string reason);

                Assert.Equal(path is null, reason.Length > 0);
                if (path is not null)
                {
                    string full = Path.GetFullPath(Path.Combine("/data/release", path));
                    Assert.True(full == "/data/release" || full.StartsWith("/data/release/", StringComparison.Ordinal), given);
                    Assert.DoesNotContain(path.Split('/'), segment => segment is "." or "..");
                }
            },
            iter: Fuzz.Cases);
}
