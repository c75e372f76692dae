using System.Diagnostics;
using System.Text;

namespace Nyala.Server.Processes;

/// <summary>Runs other programs to their end and reads what they print.</summary>
internal static class Programs
{
    /// <summary>How many characters of each stream are kept, unless the caller asks for more.</summary>
    public const int MaxOutput = 1024 * 1024;

    /// <summary>Describes how a program is started so that <see cref="RunAsync(ProcessStartInfo, CancellationToken, int)"/> can read it.</summary>
    public static ProcessStartInfo Start(string program, params IEnumerable<string> arguments) => new(program, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        UseShellExecute = false,
    };

    /// <summary>Gives a program the environment of a deployment instead of the server's: see <see cref="CleanEnvironment"/>. Its messages are English.</summary>
    public static ProcessStartInfo WithCleanEnvironment(this ProcessStartInfo start)
    {
        start.Environment.Clear();
        foreach ((string name, string value) in CleanEnvironment.Variables)
        {
            start.Environment[name] = value;
        }

        start.Environment.Remove("LANGUAGE");
        start.Environment["LC_ALL"] = "C";
        return start;
    }

    /// <summary>Starts a program and runs it to its end, with nothing on its input.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">There is no such program, or it cannot be run.</exception>
    public static async Task<ProgramResult> RunAsync(ProcessStartInfo start, CancellationToken cancellationToken, int maxOutput = MaxOutput)
    {
        using Process process = Process.Start(start)!;
        return await RunAsync(process, cancellationToken, maxOutput);
    }

    /// <summary>Runs a program that was started to its end. Canceling kills it with everything that it started.</summary>
    public static async Task<ProgramResult> RunAsync(Process process, CancellationToken cancellationToken, int maxOutput = MaxOutput)
    {
        process.StandardInput.Close();
        try
        {
            Task<string> output = ReadAsync(process.StandardOutput, cancellationToken, maxOutput);
            Task<string> error = ReadAsync(process.StandardError, cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return new ProgramResult(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }
    }

    /// <summary>Reads a stream to its end and keeps the beginning.</summary>
    public static async Task<string> ReadAsync(StreamReader reader, CancellationToken cancellationToken, int maxOutput = MaxOutput)
    {
        var kept = new StringBuilder();
        char[] buffer = new char[4096];
        int read;
        while ((read = await reader.ReadAsync(buffer, cancellationToken)) > 0)
        {
            kept.Append(buffer, 0, Math.Min(read, maxOutput - kept.Length));
        }

        return kept.ToString();
    }
}

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it printed on its output.</param>
/// <param name="Error">What it printed on its error stream.</param>
internal sealed record ProgramResult(int ExitCode, string Output, string Error)
{
    public bool Ok => ExitCode == 0;

    /// <summary>Whether a shell that was to run the program did not find it.</summary>
    public bool IsMissing => ExitCode == 127;

    /// <summary>What the program says went wrong, in one line.</summary>
    public string Reason => Error.Trim().ReplaceLineEndings(" ") is { Length: > 0 } text ? text : $"It ended with exit code {ExitCode}.";
}
