using Nyala.Client;

namespace Nyala.Server.Storage;

/// <summary>The runs of all deployments.</summary>
internal interface IRunTable
{
    /// <summary>Adds a run, which becomes its deployment's newest.</summary>
    void Insert(RunRecord run);

    /// <summary>Writes every field but the identity. A run that is active takes that from the site's other runs.</summary>
    void Update(RunRecord run);

    /// <summary>A sign of life.</summary>
    void Hear(long id, DateTimeOffset now);

    /// <summary>The newest run of a deployment.</summary>
    RunRecord? FindLatest(string site, string deployment);

    /// <summary>The newest runs of the deployments with this name at any site; at most two.</summary>
    IReadOnlyList<RunRecord> FindAnywhere(string deployment);

    RunRecord? FindByNumber(string site, string deployment, int number);

    RunRecord? FindByKey(string site, string deployment, string key);

    /// <summary>Deployments by their newest run, newest received first: of one site, or of every site where <paramref name="site"/> is null.</summary>
    IReadOnlyList<RunRecord> List(string? site, int limit, DateTimeOffset? before);

    /// <summary>Every run, newest received first: of one site, or of every site where <paramref name="site"/> is null.</summary>
    IReadOnlyList<RunRecord> ListEvery(string? site, int limit, DateTimeOffset? before);

    /// <summary>The runs of a deployment whose numbers are below <paramref name="before"/>, newest first.</summary>
    IReadOnlyList<RunRecord> RunsOf(string site, string deployment, long before, int limit);

    /// <summary>The deployment that runs and was received last, else the one that ended last.</summary>
    RunRecord? Latest(string? site);

    /// <summary>The first run of this deployer that was received at a time or later; null if there is none.</summary>
    RunRecord? LatestOf(string? site, string deployer, DateTimeOffset since);

    /// <summary>The site's active run.</summary>
    RunRecord? Active(string site);

    /// <summary>When the site last ended a run well, not after <paramref name="until"/>.</summary>
    DateTimeOffset? LastSuccess(string site, DateTimeOffset until);

    /// <summary>How the run ended that ended last at the site, not after <paramref name="ended"/>; null if there is none.</summary>
    /// <param name="site">The site.</param>
    /// <param name="ended">The time to look before.</param>
    /// <param name="except">The run that does not count.</param>
    DeploymentStatus? StatusBefore(string site, DateTimeOffset ended, long except);

    /// <summary>Unfinished runs that this server performs, oldest first.</summary>
    IReadOnlyList<RunRecord> Performing();

    /// <summary>A site's runs that this server performed with success, newest end first: the first is what the site's link leads to.</summary>
    IReadOnlyList<RunRecord> Performed(string site, int limit);

    /// <summary>Unfinished runs that others report and that have not been heard of for longer than they asked for, counted from <paramref name="since"/> at the earliest.</summary>
    IReadOnlyList<RunRecord> Silent(DateTimeOffset now, DateTimeOffset since, int limit);

    /// <summary>Removes every run of a deployment. Their log lines are out of reach at once, and deleted by <see cref="ILogTable.PruneRemoved"/>.</summary>
    void Remove(string site, string deployment);
}
