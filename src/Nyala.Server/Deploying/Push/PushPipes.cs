using System.IO.Pipes;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Nyala.Server.Processes;

namespace Nyala.Server.Deploying.Push;

/// <summary>
/// The two named pipes between the server and git's hooks. The server holds both ends of each, so that opening one never blocks and nothing waits for a hook
/// that never runs.
/// </summary>
internal sealed class PushPipes : IAsyncDisposable
{
    private const int MaxLine = 8192;

    private readonly AnonymousPipeClientStream _in;
    private readonly AnonymousPipeClientStream _out;
    private readonly StreamReader _reader;
    private bool _ended;

    /// <param name="folder">The push's folder, which is created.</param>
    /// <param name="hooks">The hooks that git runs.</param>
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

    /// <summary>Whether the whole push has been received: git has run its first hook.</summary>
    public bool IsReceived { get; private set; }

    /// <summary>Reads what the next hook reports: first the ref updates that the push requests, then those that git has made.</summary>
    /// <exception cref="OperationCanceledException">git has exited without running the hook.</exception>
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
    /// <exception cref="OperationCanceledException">git has exited, so nobody reads the line.</exception>
    public async Task SayAsync(string line, CancellationToken cancellationToken) =>
        await _out.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), cancellationToken);

    /// <summary>Shows the pusher a line before git continues.</summary>
    /// <exception cref="OperationCanceledException">git has exited, so nobody reads the line.</exception>
    public Task WriteBeforeGoAsync(string line, CancellationToken cancellationToken) => SayAsync(PushHooks.Shown + line, cancellationToken);

    /// <summary>Lets git continue. It stores the refs that are not refused.</summary>
    /// <exception cref="OperationCanceledException">git has exited, so nobody reads the line.</exception>
    public Task GoOnAsync(CancellationToken cancellationToken) => SayAsync(PushHooks.Go, cancellationToken);

    /// <summary>Lets the hook finish.</summary>
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
