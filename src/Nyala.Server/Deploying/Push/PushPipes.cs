using System.IO.Pipes;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Nyala.Server.Processes;

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
    private readonly StreamReader _reader;
    private bool _ended;

    /// <param name="folder">The push's folder, which is made.</param>
    /// <param name="hooks">What git runs in it.</param>
    public PushPipes(string folder, PushHooks hooks)
    {
        Folder = folder;
        Directory.CreateDirectory(folder);
        hooks.Put(folder);
        Posix.MakePipe(Path.Combine(folder, "in"));
        Posix.MakePipe(Path.Combine(folder, "out"));
        _in = Open("in", PipeDirection.In);
        _out = Open("out", PipeDirection.Out);
        _reader = new StreamReader(_in, Encoding.UTF8, false, MaxLine, leaveOpen: true);
    }

    public string Folder { get; }

    /// <summary>Whether all of the push is here: git has run its first hook.</summary>
    public bool IsReceived { get; private set; }

    /// <summary>What the hooks report: first what the push is going to do, then what of it was done.</summary>
    /// <exception cref="OperationCanceledException">The hook did not run.</exception>
    public async Task<IReadOnlyList<RefUpdate>> ReadAsync(CancellationToken cancellationToken)
    {
        var updates = new List<RefUpdate>();
        while (await _reader.ReadLineAsync(cancellationToken) is { } line && line != "end")
        {
            IsReceived = true;
            if (RefUpdate.Read(line) is { } update)
            {
                updates.Add(update);
            }
        }

        return updates;
    }

    /// <summary>Shows the pusher a line.</summary>
    /// <exception cref="OperationCanceledException">Nobody reads any more.</exception>
    public async Task SayAsync(string line, CancellationToken cancellationToken) =>
        await _out.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), cancellationToken);

    /// <summary>Shows the pusher a line before git goes on.</summary>
    /// <exception cref="OperationCanceledException">Nobody reads any more.</exception>
    public Task SayBeforeAsync(string line, CancellationToken cancellationToken) => SayAsync(PushHooks.Shown + line, cancellationToken);

    /// <summary>Lets git go on: it stores what is not refused.</summary>
    /// <exception cref="OperationCanceledException">Nobody reads any more.</exception>
    public Task GoOnAsync(CancellationToken cancellationToken) => SayAsync(PushHooks.Go, cancellationToken);

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
        _reader.Dispose();
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
