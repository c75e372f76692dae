using System.Globalization;

namespace Nyala.Tests.Support;

/// <summary>
/// The number of cases that a test with random input tries: 2,000 by default, or the number in the environment variable <c>NYALA_FUZZ_CASES</c>.
/// </summary>
internal static class Fuzz
{
    private const int Usual = 2_000;

    public static int Cases { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("NYALA_FUZZ_CASES"), CultureInfo.InvariantCulture, out int cases) ? cases : Usual;
}
