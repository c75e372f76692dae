using System.Diagnostics;

namespace Nyala.Bench;

/// <summary>
/// How often an idle thread of the runtime's pool spins before it sleeps. Nyala sets it to 0, and so does this program, which hosts Nyala.
/// </summary>
internal static class SpinLimit
{
    private const string Variable = "DOTNET_ThreadPool_UnfairSemaphoreSpinLimit";
    private const int RuntimeDefault = 70;

    /// <summary>Gives a process that runs this program the default of the runtime, unless the environment of this program sets another value.</summary>
    public static void UseDefault(ProcessStartInfo start) => start.Environment.TryAdd(Variable, $"{RuntimeDefault:X}");

    public static string Describe() => Environment.GetEnvironmentVariable(Variable) is { } value
        ? $"spin limit {value} in every process, from {Variable}"
        : $"spin limit {AppContext.GetData("System.Threading.ThreadPool.UnfairSemaphoreSpinLimit")}; {RuntimeDefault} in bare Kestrel and the peers";
}
