using System.Diagnostics;

namespace Nyala.EndToEnd.Support;

/// <summary>Where a deploy command waits until the test lets it go on: a named pipe, so that neither side has to look again and again.</summary>
internal sealed class Turnstile : IDisposable
{
    private readonly string _path;
    private readonly FileStream _pipe;

    /// <param name="folder">Where the pipe is made.</param>
    public Turnstile(string folder)
    {
        _path = Path.Combine(folder, $"turnstile-{Guid.NewGuid():n}");
        using Process make = Process.Start("mkfifo", [_path]);
        make.WaitForExit();

        // Opened both ways it waits for nobody, and what is written stays until it is read.
        _pipe = new FileStream(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
    }

    /// <summary>Waits, as a line of a shell script, by a process of the command's own.</summary>
    public string Wait => $"head -n 1 '{_path}' >/dev/null";

    /// <summary>Lets one through.</summary>
    public void Open() => _pipe.Write("\n"u8);

    public void Dispose() => _pipe.Dispose();
}
