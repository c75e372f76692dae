using System.Globalization;

namespace Nyala.Tests.Support;

/// <summary>How many cases a test tries that makes them up: few at a developer's desk, as many as <c>NYALA_FUZZ_CASES</c> says elsewhere.</summary>
internal static class Fuzz
{
    private const int Usual = 2_000;

    public static int Cases { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("NYALA_FUZZ_CASES"), CultureInfo.InvariantCulture, out int cases) ? cases : Usual;
}
