using System.Globalization;

namespace Nyala.Bench;

/// <summary>What to measure, and how much of it.</summary>
internal sealed record BenchOptions
{
    private const string Usage =
        """
        Nyala.Bench [--quick] [--hooks N] [--publishers N] [--backlog N] [--requests N] [--rounds N] [--events N] [--data FOLDER] [--only NAME]
          --quick       a smoke of about ten seconds; its figures say little
          --hooks       hooks, and the fan-out of the second Nyala run; default 8
          --publishers  publishers at work at a time; default 64
          --backlog     deliveries accepted and not yet done, at most; default 4096
          --requests    requests in each measurement; default 40000
          --rounds      rounds, of which the median counts; default 7
          --events      single events in the measurement of latency; default 500
          --data        where the data folder is made, on a real disk; default: beside the program
          --only        bare, one, many, sender, store or latency: that measurement alone
        """;

    public int Hooks { get; private init; } = 8;

    public int Publishers { get; private init; } = 64;

    public int Backlog { get; private init; } = 4096;

    public int Requests { get; private init; } = 40_000;

    public int Rounds { get; private init; } = 7;

    public int Events { get; private init; } = 500;

    public string Data { get; private init; } = AppContext.BaseDirectory;

    public string? Only { get; private init; }

    public TimeSpan TimeLimit { get; } = TimeSpan.FromMinutes(10);

    public bool Wants(string name) => Only is null || Only == name;

    public static bool TryParse(string[] args, out BenchOptions options, out string? refusal)
    {
        options = new BenchOptions();
        refusal = null;
        for (int i = 0; i < args.Length; i++)
        {
            if (args[i] == "--quick")
            {
                options = options with { Requests = 4_000, Rounds = 1, Events = 100 };
            }
            else if (i + 1 == args.Length || !options.TrySet(args[i], args[++i], out options))
            {
                refusal = $"'{string.Join(' ', args)}' is not understood.\n{Usage}";
                return false;
            }
        }

        return true;
    }

    private bool TrySet(string name, string value, out BenchOptions changed)
    {
        changed = this;
        bool isCount = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is > 0 and <= 1_000_000;
        switch (name)
        {
            case "--hooks" when isCount:
                changed = this with { Hooks = count };
                return true;
            case "--publishers" when isCount:
                changed = this with { Publishers = count };
                return true;
            case "--backlog" when isCount:
                changed = this with { Backlog = count };
                return true;
            case "--requests" when isCount:
                changed = this with { Requests = count };
                return true;
            case "--rounds" when isCount:
                changed = this with { Rounds = count };
                return true;
            case "--events" when isCount:
                changed = this with { Events = count };
                return true;
            case "--data":
                changed = this with { Data = Path.GetFullPath(value) };
                return true;
            case "--only" when value is Measurements.Bare or Measurements.One or Measurements.Many or Measurements.Sender or Measurements.Store or Measurements.Latency:
                changed = this with { Only = value };
                return true;
            default:
                return false;
        }
    }
}
