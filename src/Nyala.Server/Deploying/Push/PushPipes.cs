using System.IO.Pipes;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Nyala.Server.Deploying.Push;

/// <summary>
/// The two named pipes between the server and git's hook. The server holds both ends of each, so that nobody waits for an opening: a
/// hook that never runs leaves nobody behind.
/// </summary>
internal sealed class PushPipes : IAsyncDisposable
{
    private const int MaxLine = 8192;

    private readonly AnonymousPipeClientStream _in;
    private readonly AnonymousPipeClientStream _out;
    private bool _ended;

    public PushPipes(string folder)
    {
        Folder = folder;
        Directory.CreateDirectory(folder);
        Posix.MakePipe(Path.Combine(folder, "in"));
        Posix.MakePipe(Path.Combine(folder, "out"));
        _in = Open("in", PipeDirection.In);
        _out = Open("out", PipeDirection.Out);
    }

    public string Folder { get; }

    /// <summary>What was pushed, once git has taken it.</summary>
    /// <exception cref="OperationCanceledException">The hook did not run.</exception>
    public async Task<IReadOnlyList<RefUpdate>> ReadAsync(CancellationToken cancellationToken)
    {
        var updates = new List<RefUpdate>();
        using var reader = new StreamReader(_in, Encoding.UTF8, false, MaxLine, leaveOpen: true);
        while (await reader.ReadLineAsync(cancellationToken) is { } line && line != "end")
        {
            if (RefUpdate.Read(line) is { } update)
            {
                updates.Add(update);
            }
        }

        return updates;
    }

    /// <summary>Shows the pusher a line.</summary>
    /// <exception cref="OperationCanceledException">Nobody reads any more.</exception>
    public async Task SayAsync(string line, CancellationToken cancellationToken) => await _out.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), cancellationToken);

    /// <summary>Lets the hook come to its end.</summary>
    public void End()
    {
        if (!_ended)
        {
            _ended = true;
            _out.Dispose();
        }
    }

    public ValueTask DisposeAsync()
    {
        End();
        _in.Dispose();
        SiteFolders.Remove(Folder);
        return ValueTask.CompletedTask;
    }

    private AnonymousPipeClientStream Open(string name, PipeDirection direction)
    {
        using SafeFileHandle file = File.OpenHandle(Path.Combine(Folder, name), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        var pipe = new SafePipeHandle(file.DangerousGetHandle(), ownsHandle: true);
        file.SetHandleAsInvalid();
        return new AnonymousPipeClientStream(direction, pipe);
    }
}
