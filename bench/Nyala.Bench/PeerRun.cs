using System.Diagnostics;
using System.Globalization;

namespace Nyala.Bench;

/// <summary>
/// Runs the alternatives that a .NET team would choose, each in a separate process. They send the same POST, with PostgreSQL on the same disk.
/// </summary>
internal static class PeerRun
{
    public static IReadOnlyList<string> Names { get; } = ["hangfire", "wolverine"];

    /// <summary>Delivers a number of events.</summary>
    /// <returns>The number of events per second.</returns>
    public static async Task<double> RunAsync(string name, Uri receiver, string connection, int requests, BenchOptions options, CancellationToken cancellationToken)
    {
        string program = Path.Combine(AppContext.BaseDirectory.Replace("Nyala.Bench", "Nyala.Peers", StringComparison.Ordinal), "Nyala.Peers");
        if (!File.Exists(program))
        {
            throw new BenchException($"{program} is not built: dotnet build bench/Nyala.Peers -c Release.");
        }

        string[] arguments = [name, receiver.AbsoluteUri, connection, $"{requests}", $"{options.Publishers}", $"{options.Hooks * 16}"];
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })
            ?? throw new BenchException($"{program} did not start.");
        try
        {
            string output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            string last = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? "";
            return process.ExitCode == 0 && double.TryParse(last, CultureInfo.InvariantCulture, out double seconds)
                ? requests / seconds
                : throw new BenchException($"{name} ended with {process.ExitCode} and said: {output}");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
