using System.Globalization;

namespace Nyala.Bench;

/// <summary>The measurements to run, and their sizes.</summary>
internal sealed record BenchOptions
{
    private const string Usage =
        """
        Nyala.Bench [--quick] [--all] [--only NAME] [--hooks N] [--publishers N] [--backlog N] [--requests N] [--rounds N] [--events N]
                    [--idle N] [--pending N] [--past N] [--record N] [--fan N] [--jobs N] [--pushes N] [--zip-megabytes N]
                    [--seconds N] [--server PATH] [--data FOLDER]
          --quick       a smoke of about ten seconds; its figures say little
          --hooks       hooks, and the fan-out of the second Nyala run; default 8
          --publishers  publishers at work at a time; default 64
          --backlog     deliveries accepted and not yet done, at most; default 4096
          --requests    requests in each measurement; default 40000
          --rounds      rounds, of which the median counts; default 7
          --events      single events in the measurement of latency; default 500
          --idle        hooks that nobody calls; default 1000000
          --pending     deliveries that wait at a cold start; default 1000000
          --past        attempts that are past; default 10000000
          --record      deliveries in the database that is searched, with a fifth as many runs, a fiftieth as many hooks and tokens; default 5000000
          --fan         hooks that hear one event; default 50000
          --jobs        events for Hangfire, which is slow; the other peers get as many as Nyala, see --requests; default 2000
          --pushes      pushes of a small repository; default 40
          --zip-megabytes  size of the zip that is deployed; default 500
          --seconds     seconds of load in each round of front; default 12
          --server      the nyala executable that front measures; default: the same server, hosted by this program
          --data        where the data folder is made, on a real disk; default: beside the program
          --only        bare, one, many, sender, store, latency, isolation, idle, pending, past, search, flood, fan, stop, push, zip, peers or front: that measurement alone
          --all         all of them; without, the first six. peers and front also measure the alternatives whose programs are installed:
                        PostgreSQL (apt-get install postgresql), Redis (apt-get install redis-server), Node.js and npm ci in bench/peers-bullmq
        """;

    public int Hooks { get; private init; } = 8;

    public int Publishers { get; private init; } = 64;

    public int Backlog { get; private init; } = 4096;

    public int Requests { get; private init; } = 40_000;

    public int Rounds { get; private init; } = 7;

    public int Events { get; private init; } = 500;

    public int IdleHooks { get; private init; } = 1_000_000;

    public int Pending { get; private init; } = 1_000_000;

    public int Past { get; private init; } = 10_000_000;

    public int Record { get; private init; } = 5_000_000;

    public int Fan { get; private init; } = 50_000;

    public int Jobs { get; private init; } = 2_000;

    public int Pushes { get; private init; } = 40;

    public int ZipMegabytes { get; private init; } = 500;

    public int Seconds { get; private init; } = 12;

    /// <summary>The <c>nyala</c> executable to measure; null for a server that this program hosts.</summary>
    public string? Server { get; private init; }

    public bool All { get; private init; }

    public string Data { get; private init; } = AppContext.BaseDirectory;

    public string? Only { get; private init; }

    public TimeSpan TimeLimit => TimeSpan.FromMinutes(All || Measurements.Long.Contains(Only) ? 75 : 10);

    public bool Wants(string name) => Only is null ? All || Measurements.Usual.Contains(name) : Only == name;

    public static bool TryParse(string[] args, out BenchOptions options, out string? refusal)
    {
        options = new BenchOptions();
        refusal = null;
        for (int i = 0; i < args.Length; i++)
        {
            if (args[i] == "--quick")
            {
                options = options with { Requests = 4_000, Rounds = 1, Events = 100, IdleHooks = 10_000, Pending = 10_000, Past = 100_000, Record = 50_000, Fan = 1_000, Jobs = 100, Pushes = 5, ZipMegabytes = 20, Seconds = 1 };
            }
            else if (args[i] == "--all")
            {
                options = options with { All = true };
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
        bool isCount = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is > 0 and <= 100_000_000;
        BenchOptions? set = name switch
        {
            "--hooks" when isCount => this with { Hooks = count },
            "--publishers" when isCount => this with { Publishers = count },
            "--backlog" when isCount => this with { Backlog = count },
            "--requests" when isCount => this with { Requests = count },
            "--rounds" when isCount => this with { Rounds = count },
            "--events" when isCount => this with { Events = count },
            "--idle" when isCount => this with { IdleHooks = count },
            "--pending" when isCount => this with { Pending = count },
            "--past" when isCount => this with { Past = count },
            "--record" when isCount => this with { Record = count },
            "--fan" when isCount => this with { Fan = count },
            "--jobs" when isCount => this with { Jobs = count },
            "--pushes" when isCount => this with { Pushes = count },
            "--zip-megabytes" when isCount => this with { ZipMegabytes = count },
            "--seconds" when isCount => this with { Seconds = count },
            "--server" when File.Exists(value) => this with { Server = Path.GetFullPath(value) },
            "--data" => this with { Data = Path.GetFullPath(value) },
            "--only" when Measurements.Usual.Contains(value) || Measurements.Long.Contains(value) => this with { Only = value },
            _ => null,
        };
        changed = set ?? this;
        return set is not null;
    }
}
