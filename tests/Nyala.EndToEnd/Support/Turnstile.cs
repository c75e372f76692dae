using System.Diagnostics;

namespace Nyala.EndToEnd.Support;

/// <summary>Holds a deploy command until the test lets it continue. It is a named pipe, so that neither side has to poll.</summary>
internal sealed class Turnstile : IDisposable
{
    private readonly string _path;
    private readonly FileStream _pipe;

    /// <param name="folder">The folder in which the pipe is created.</param>
    public Turnstile(string folder)
    {
        _path = Path.Combine(folder, $"turnstile-{Guid.NewGuid():n}");
        using Process make = Process.Start("mkfifo", [_path]);
        make.WaitForExit();

        // Opened for reading and writing, so that opening does not block and written data stays until it is read.
        _pipe = new FileStream(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
    }

    /// <summary>A line of a shell script that waits, by a child process of the command.</summary>
    public string Wait => $"head -n 1 '{_path}' >/dev/null";

    /// <summary>Lets one command continue.</summary>
    public void Open() => _pipe.Write("\n"u8);

    public void Dispose() => _pipe.Dispose();
}
