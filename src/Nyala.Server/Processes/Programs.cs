using System.Diagnostics;
using System.Text;

namespace Nyala.Server.Processes;

/// <summary>Runs other programs until they exit and reads their output.</summary>
internal static class Programs
{
    /// <summary>The maximum number of characters that are kept of each stream, unless the caller asks for more.</summary>
    public const int MaxOutput = 1024 * 1024;

    /// <summary>Describes how to start a program so that <see cref="RunAsync(ProcessStartInfo, CancellationToken, int)"/> can read its output.</summary>
    public static ProcessStartInfo Start(string program, params IEnumerable<string> arguments) => new(program, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        UseShellExecute = false,
    };

    /// <summary>
    /// Gives a program the environment of a deployment instead of the server's, see <see cref="CleanEnvironment"/>. Its messages are in English.
    /// </summary>
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

    /// <summary>Starts a program and runs it until it exits, with empty input.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">The program does not exist or cannot be run.</exception>
    public static async Task<ProgramResult> RunAsync(ProcessStartInfo start, CancellationToken cancellationToken, int maxOutput = MaxOutput)
    {
        using Process process = Process.Start(start)!;
        return await RunAsync(process, cancellationToken, maxOutput);
    }

    /// <summary>Runs a started program until it exits. Cancellation kills it together with everything that it started.</summary>
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

    /// <summary>Reads a stream to its end and keeps its beginning.</summary>
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

/// <summary>The result of a program.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">The standard output, or its kept beginning.</param>
/// <param name="Error">The standard error, or its kept beginning.</param>
internal sealed record ProgramResult(int ExitCode, string Output, string Error)
{
    public bool Ok => ExitCode == 0;

    /// <summary>Whether a shell could not find the program.</summary>
    public bool IsMissing => ExitCode == 127;

    /// <summary>The program's standard error in one line, or its exit code if it printed nothing there.</summary>
    public string Reason => Error.Trim().ReplaceLineEndings(" ") is { Length: > 0 } text ? text : $"It ended with exit code {ExitCode}.";
}
