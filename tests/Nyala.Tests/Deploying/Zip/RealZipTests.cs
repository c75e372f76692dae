using System.ComponentModel;
using System.Diagnostics;
using System.IO.Compression;
using Nyala.Server.Deploying.Zip;
using Nyala.Tests.Cli.Support;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deploying.Zip;

/// <summary>Zips made by common tools, which the tests run. A tool that is not installed is skipped.</summary>
public sealed class RealZipTests : IDisposable
{
    private const string Python = "import sys, zipfile, os\n"
        + "class Pipe:\n    def write(self, b): return sys.stdout.buffer.write(b)\n    def flush(self): pass\n"
        + "z = zipfile.ZipFile(Pipe() if sys.argv[1] == '-' else sys.argv[1], 'w', int(sys.argv[2]))\n"
        + "for d, _, fs in os.walk('.'):\n    for f in fs: z.write(os.path.join(d, f))\n"
        + "z.mkdir('made') if hasattr(z, 'mkdir') else None\n"
        + "h = z.open('wide', 'w', force_zip64=True)\nh.write(b'w' * 1000)\nh.close()\nz.close()\n";

    private readonly TempFolder _folder = new();

    public RealZipTests()
    {
        Directory.CreateDirectory(_folder.In("site", "sub", "empty"));
        File.WriteAllText(_folder.In("site", "index.html"), "<h1>Käse</h1>");
        File.WriteAllText(_folder.In("site", "käse.txt"), "käse");
        File.WriteAllText(_folder.In("site", "sub", "zero"), "");
        File.WriteAllText(_folder.In("site", "sub", "big"), new string('x', 300_000));
        File.WriteAllBytes(_folder.In("site", "sub", "random"), new Random(7).NextBytes(100_000));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("zip -qr ../out.zip .", "zip")]
    [InlineData("zip -qr - . | cat > ../out.zip", "zip")]
    [InlineData("zip -qr0 - . | cat > ../out.zip", "zip")]
    [InlineData("zip -qr -fz ../out.zip .", "zip")]
    [InlineData("LC_ALL=C zip -qr ../out.zip . && zip -q ../out.zip index.html && zip -qd ../out.zip sub/zero && zip -q ../out.zip sub/zero", "zip")]
    [InlineData("zip -qr ../out.zip . && echo 'made by hand' | zip -qz ../out.zip", "zip")]
    [InlineData("jar cf ../out.zip .", "jar")]
    [InlineData("jar c0f ../out.zip .", "jar")]
    [InlineData("jar cf ../out.zip . && jar uf ../out.zip index.html", "jar")]
    [InlineData("bsdtar --format zip -cf ../out.zip .", "bsdtar")]
    [InlineData("bsdtar --format zip --options zip:compression=store -cf ../out.zip .", "bsdtar")]
    [InlineData("7zz a -bd -tzip ../out.zip . > ../7z.log", "7zz")]
    [InlineData("python3 -c \"$PYTHON_ZIP\" ../out.zip 0", "python3")]
    [InlineData("python3 -c \"$PYTHON_ZIP\" ../out.zip 8", "python3")]
    [InlineData("python3 -c \"$PYTHON_ZIP\" - 0 | cat > ../out.zip", "python3")]
    [InlineData("python3 -c \"$PYTHON_ZIP\" - 8 | cat > ../out.zip", "python3")]
    [InlineData("git init -q . && git add . && git -c user.name=a -c user.email=a@b commit -qm x && git archive --format=zip -o ../out.zip HEAD && rm -rf .git", "git")]
    public async Task A_zip_made_by_a_common_tool_is_unpacked_unchanged(string command, string tool)
    {
        Assert.SkipUnless(await RunAsync($"command -v {tool}") == 0, $"{tool} is not on this machine.");

        Assert.Equal(0, await RunAsync(command));
        await UnpackAsync();
    }

    [Theory]
    [InlineData(CompressionLevel.Optimal, true)]
    [InlineData(CompressionLevel.NoCompression, true)]
    [InlineData(CompressionLevel.Optimal, false)]
    [InlineData(CompressionLevel.NoCompression, false)]
    public async Task A_zip_made_by_ZipFile_is_unpacked_unchanged(CompressionLevel level, bool seekable)
    {
        await using (FileStream file = File.Create(_folder.In("out.zip")))
        {
            await ZipFile.CreateFromDirectoryAsync(_folder.In("site"), seekable ? file : new Forward(file), level, includeBaseDirectory: false, TestContext.Current.CancellationToken);
        }

        await UnpackAsync();
    }

    [Fact]
    public async Task A_zip_updated_by_ZipArchive_is_unpacked_unchanged()
    {
        await ZipFile.CreateFromDirectoryAsync(_folder.In("site"), _folder.In("out.zip"), TestContext.Current.CancellationToken);
        await using (ZipArchive zip = await ZipFile.OpenAsync(_folder.In("out.zip"), ZipArchiveMode.Update, TestContext.Current.CancellationToken))
        {
            zip.GetEntry("sub/zero")!.Delete();
            zip.GetEntry("index.html")!.Delete();
            await zip.CreateEntryFromFileAsync(_folder.In("site", "index.html"), "index.html", TestContext.Current.CancellationToken);
            zip.CreateEntry("sub/zero");
        }

        await UnpackAsync();
    }

    private async Task UnpackAsync()
    {
        Assert.Null(await Unpacker.UnpackAsync(_folder.In("out.zip"), _folder.In("target"), new ZipOptions(), TestContext.Current.CancellationToken).InTimeAsync());
        string[] files = Directory.GetFiles(_folder.In("site"), "*", SearchOption.AllDirectories);
        Assert.Equal(5, files.Length);
        Assert.All(files, file => Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(_folder.In("target", Path.GetRelativePath(_folder.In("site"), file)))));
    }

    private async Task<int> RunAsync(string command)
    {
        var start = new ProcessStartInfo("sh", ["-c", command]) { WorkingDirectory = _folder.In("site"), RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PYTHON_ZIP"] = Python;
        start.Environment["LC_ALL"] = "C.UTF-8";
        try
        {
            using Process process = Process.Start(start)!;
            await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync(), process.WaitForExitAsync()).InTimeAsync();
            return process.ExitCode;
        }
        catch (Win32Exception)
        {
            return -1;
        }
    }

    /// <summary>A write-only stream that cannot seek, like a pipe.</summary>
    private sealed class Forward(Stream inner) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}

file static class RandomBytes
{
    public static byte[] NextBytes(this Random random, int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
