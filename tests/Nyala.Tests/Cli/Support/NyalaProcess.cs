using System.Diagnostics;
using System.Text;
using Nyala.Cli.Run.Ci;

namespace Nyala.Tests.Cli.Support;

/// <summary>The command line as a separate process, detached from the terminal of the test.</summary>
internal sealed class NyalaProcess : IDisposable
{
    // A test that itself runs in a CI job must not report the commit of that job.
    private static readonly HashSet<string> CiNames = [.. CiSystems.All.SelectMany(system => system.Variables).Select(entry => entry.Split('=', '#')[0])];

    private readonly Process _process;
    private readonly MemoryStream _output = new();
    private readonly Task<string> _error;
    private readonly Task _reading;
    private readonly Lock _lock = new();
    private readonly List<(string Text, TaskCompletionSource Seen)> _awaited = [];

    private NyalaProcess(ProcessStartInfo start)
    {
        _process = Process.Start(start)!;
        _error = _process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        _reading = ReadAsync();
    }

    /// <summary>Starts <c>nyala</c>.</summary>
    /// <param name="stateHome">The folder for <c>XDG_STATE_HOME</c>.</param>
    /// <param name="server">The server to use; null for none.</param>
    /// <param name="folder">The working folder.</param>
    /// <param name="variables">Additional environment variables.</param>
    /// <param name="args">The arguments.</param>
    public static NyalaProcess Start(string stateHome, Uri? server, string folder, IEnumerable<(string Name, string Value)> variables, params string[] args)
    {
        // A separate session, because in the foreground of a terminal Ctrl-C is not passed on (see SignalRelay).
        var start = new ProcessStartInfo("setsid")
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // If a shell starts the tests in the background, they ignore SIGINT and SIGQUIT, and so would every process that they start.
        string[] all = ["env", "--default-signal=INT,QUIT", "dotnet", Path.Combine(AppContext.BaseDirectory, "nyala.dll"), .. args];
        foreach (string argument in all)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("NYALA_", StringComparison.Ordinal) || name.StartsWith("GIT", StringComparison.Ordinal) || CiNames.Contains(name)).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["XDG_STATE_HOME"] = stateHome;
        start.Environment["GIT_CEILING_DIRECTORIES"] = Path.GetTempPath();
        if (server is not null)
        {
            start.Environment["NYALA_SERVER"] = server.AbsoluteUri;
            start.Environment["NYALA_TOKEN"] = "a-token";
        }

        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        return new NyalaProcess(start);
    }

    /// <summary>Waits until a text is printed to standard output.</summary>
    public Task PrintsAsync(string text)
    {
        lock (_lock)
        {
            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((text, seen));
            Look();
            return seen.Task.WaitAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Writes to the standard input of the process.</summary>
    public void Type(string text)
    {
        _process.StandardInput.Write(text);
        _process.StandardInput.Flush();
    }

    /// <summary>Sends a signal only to this process, not to its children.</summary>
    public void Signal(string name)
    {
        using Process kill = Process.Start("kill", ["-s", name, $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public async Task<(int ExitCode, byte[] Out, string Error)> EndAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await _reading;
        return (_process.ExitCode, _output.ToArray(), await _error);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
        _output.Dispose();
    }

    private async Task ReadAsync()
    {
        byte[] buffer = new byte[16 * 1024];
        int read;
        while ((read = await _process.StandardOutput.BaseStream.ReadAsync(buffer, TestContext.Current.CancellationToken)) > 0)
        {
            lock (_lock)
            {
                _output.Write(buffer, 0, read);
                Look();
            }
        }
    }

    private void Look()
    {
        if (_awaited.Count == 0)
        {
            return;
        }

        string text = Encoding.UTF8.GetString(_output.GetBuffer(), 0, (int)_output.Length);
        _awaited.Where(awaited => text.Contains(awaited.Text, StringComparison.Ordinal)).ToList().ForEach(awaited => awaited.Seen.TrySetResult());
    }
}
