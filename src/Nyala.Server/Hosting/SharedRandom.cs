namespace Nyala.Server.Hosting;

/// <summary>Chance for many threads: <see cref="Random"/> itself is for one.</summary>
internal sealed class SharedRandom : Random
{
    private readonly Lock _gate = new();
    private readonly Random _random = new();

    public override double NextDouble()
    {
        lock (_gate)
        {
            return _random.NextDouble();
        }
    }
}
