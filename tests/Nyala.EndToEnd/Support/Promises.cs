namespace Nyala.EndToEnd.Support;

/// <summary>What was answered, each with the number of syncs that were over then.</summary>
internal sealed class Promises(PowerCut power)
{
    private readonly List<(int Since, string What, Action<string> Check)> _all = [];

    /// <summary>How many there are.</summary>
    public int Count => _all.Count;

    /// <summary>The first sync after which something was promised.</summary>
    public int First => _all[0].Since;

    /// <summary>Notes that something was answered just now.</summary>
    /// <param name="what">What, in words.</param>
    /// <param name="check">Fails if the folder that it is given does not hold it.</param>
    public void Add(string what, Action<string> check) => _all.Add((power.Syncs, what, check));

    /// <summary>Checks a folder that a cut has left.</summary>
    /// <param name="syncs">How many syncs were over.</param>
    /// <param name="folder">The folder.</param>
    /// <returns>What is broken.</returns>
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
