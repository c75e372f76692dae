using System.ComponentModel;
using System.Diagnostics;

namespace Nyala.Cli.Run;

/// <summary>Asks the <c>git</c> of this machine. No git, no repository, no commit and no answer in time are all the same: nothing is known.</summary>
internal static class Git
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <param name="surroundings">Where git is looked for.</param>
    /// <param name="folder">The folder to ask about; the working folder where null.</param>
    public static async Task<GitFacts?> ReadAsync(Surroundings surroundings, string? folder = null)
    {
        if (CommandPath.Find("git", surroundings.Variable("PATH")) is not { Problem: null } git)
        {
            return null;
        }

        var start = new ProcessStartInfo(git.Path)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = System.Text.Encoding.UTF8,
        };
        string[] arguments = [.. folder is null ? Array.Empty<string>() : ["-C", folder], "-c", "log.showSignature=false", "log", "-1", "--no-color", "--encoding=UTF-8", "--decorate=full", GitFacts.Form, "HEAD"];
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            return await AnswerAsync(process, surroundings.Clock);
        }
        catch (Exception error) when (error is Win32Exception or IOException or InvalidOperationException)
        {
            return null;
        }
    }

    private static async Task<GitFacts?> AnswerAsync(Process process, TimeProvider clock)
    {
        using var limit = new CancellationTokenSource(Limit, clock);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
            Task<string> errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            await errors;
            return process.ExitCode == 0 ? GitFacts.Parse(await output) : null;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            return null;
        }
    }
}
