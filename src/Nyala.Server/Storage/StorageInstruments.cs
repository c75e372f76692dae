using System.Diagnostics.Metrics;

namespace Nyala.Server.Storage;

/// <summary>The instruments of the store. They are created before the store, so that the store can use them.</summary>
internal sealed class StorageInstruments
{
    private static readonly InstrumentAdvice<double> CommitTimes = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    };

    private static readonly InstrumentAdvice<long> BatchSizes = new() { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512] };

    private readonly Meter _meter;
    private readonly Histogram<double> _commit;
    private readonly Histogram<long> _batch;
    private readonly Counter<long> _failures;

    public StorageInstruments(Meter meter)
    {
        _meter = meter;
        _commit = meter.CreateHistogram("nyala.store.commit.duration", "s", "How long a commit took, from its first statement until it was on disk.", null, CommitTimes);
        _batch = meter.CreateHistogram("nyala.store.commit.works", "{work}", "How many writes shared a commit.", null, BatchSizes);
        _failures = meter.CreateCounter<long>("nyala.store.failures", "{commit}", "Commits that failed, by what was wrong: full or failing.");
    }

    /// <summary>Adds instruments that read the condition of a store whenever they are collected.</summary>
    /// <param name="health">Returns the condition of the store.</param>
    /// <param name="file">The path of the database. Its write-ahead log is beside it.</param>
    public void Observe(Func<StoreHealth> health, string file)
    {
        _meter.CreateObservableGauge("nyala.store.queue", () => (long)health().Queued, "{work}", "Writes that wait for the next commit.");
        _meter.CreateObservableGauge("nyala.store.busy", () => health().Busy.TotalSeconds, "s", "How long the commit in progress has been running.");
        _meter.CreateObservableGauge("nyala.store.writable", () => health().Fault == StoreFault.None ? 1L : 0L, "1", "1 while the store can be written, else 0.");
        _meter.CreateObservableGauge(
            "nyala.store.size",
            () => (Measurement<long>[])[Size(file, "database"), Size(file + "-wal", "log")],
            "By",
            "The size of the database and of its write-ahead log.");
    }

    public void Committed(TimeSpan took, int works)
    {
        _commit.Record(took.TotalSeconds);
        _batch.Record(works);
    }

    public void Failed(StoreFault trouble) =>
        _failures.Add(1, new KeyValuePair<string, object?>("trouble", trouble == StoreFault.Full ? "full" : "failing"));

    private static Measurement<long> Size(string file, string part)
    {
        var info = new FileInfo(file);
        return new Measurement<long>(info.Exists ? info.Length : 0, new KeyValuePair<string, object?>("file", part));
    }
}
