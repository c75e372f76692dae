namespace Nyala.EndToEnd.Support;

/// <summary>The changes that were confirmed, each with the number of syncs completed at that time.</summary>
internal sealed class Promises(PowerCut power)
{
    private readonly List<(int Since, string What, Action<string> Check)> _all = [];

    /// <summary>The number of confirmed changes.</summary>
    public int Count => _all.Count;

    /// <summary>The number of syncs completed when the first change was confirmed.</summary>
    public int First => _all[0].Since;

    /// <summary>Records that a change was confirmed now.</summary>
    /// <param name="what">A description of the change.</param>
    /// <param name="check">Throws if the given folder does not contain the change.</param>
    public void Add(string what, Action<string> check) => _all.Add((power.Syncs, what, check));

    /// <summary>Checks a folder that a power cut left.</summary>
    /// <param name="syncs">The number of syncs completed before the power cut.</param>
    /// <param name="folder">The folder.</param>
    /// <returns>The confirmed changes that were lost.</returns>
    public IEnumerable<string> Broken(int syncs, string folder)
    {
        foreach ((int since, string what, Action<string> check) in _all.Where(promise => promise.Since <= syncs))
        {
            string? broken = null;
            try
            {
                check(folder);
            }
            catch (Exception error)
            {
                broken = $"After {syncs} syncs: {what}, answered after {since}: {error.Message.ReplaceLineEndings(" ")}";
            }

            if (broken is not null)
            {
                yield return broken;
            }
        }
    }
}
