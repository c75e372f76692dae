using Nyala.Client;

namespace Nyala.Server.Storage;

/// <summary>The runs of all deployments.</summary>
internal interface IRunTable
{
    /// <summary>Adds a run, which becomes the newest of its deployment.</summary>
    void Insert(RunRecord run);

    /// <summary>Writes every field except the identity. If the run is active, no other run of the site stays active.</summary>
    void Update(RunRecord run);

    /// <summary>Records that the deployer of a run was heard from.</summary>
    void Touch(long id, DateTimeOffset now);

    /// <summary>Returns the newest run of a deployment; null if there is none.</summary>
    RunRecord? FindLatest(string site, string deployment);

    /// <summary>Returns at most two deployments with this name, from any site, as their newest runs.</summary>
    IReadOnlyList<RunRecord> FindAnywhere(string deployment);

    RunRecord? FindByNumber(string site, string deployment, int number);

    RunRecord? FindByKey(string site, string deployment, string key);

    /// <summary>Lists deployments as their newest runs, newest received first. A null <paramref name="site"/> includes every site.</summary>
    IReadOnlyList<RunRecord> List(string? site, int limit, DateTimeOffset? before);

    /// <summary>Lists every run, newest received first. A null <paramref name="site"/> includes every site.</summary>
    IReadOnlyList<RunRecord> ListEvery(string? site, int limit, DateTimeOffset? before);

    /// <summary>Lists the runs of a deployment with numbers below <paramref name="before"/>, newest first.</summary>
    IReadOnlyList<RunRecord> RunsOf(string site, string deployment, long before, int limit);

    /// <summary>Returns the unfinished deployment that was received last. If there is none, returns the deployment that ended last.</summary>
    RunRecord? Latest(string? site);

    /// <summary>Returns the first deployment of this deployer that was received at a time or later; null if there is none.</summary>
    RunRecord? FirstSince(string? site, string deployer, DateTimeOffset since);

    /// <summary>Returns the active run of the site; null if there is none.</summary>
    RunRecord? Active(string site);

    /// <summary>Returns the time at which the site's last successful run ended, at <paramref name="until"/> or earlier; null if there is none.</summary>
    DateTimeOffset? LastSuccess(string site, DateTimeOffset until);

    /// <summary>Returns the status of the run that ended last at the site, at <paramref name="ended"/> or earlier; null if there is none.</summary>
    /// <param name="site">The site.</param>
    /// <param name="ended">The latest end of the run.</param>
    /// <param name="except">The id of a run to ignore.</param>
    DeploymentStatus? StatusBefore(string site, DateTimeOffset ended, long except);

    /// <summary>Lists the unfinished runs that this server performs, oldest first.</summary>
    IReadOnlyList<RunRecord> InProgress();

    /// <summary>
    /// Lists the successful runs that this server performed at a site, last ended first. The link <c>current</c> of the site points to the release of the first
    /// one.
    /// </summary>
    IReadOnlyList<RunRecord> Succeeded(string site, int limit);

    /// <summary>
    /// Lists the unfinished runs of other deployers that have not been heard from for longer than their limit. The silence is counted from
    /// <paramref name="since"/> at the earliest.
    /// </summary>
    IReadOnlyList<RunRecord> Silent(DateTimeOffset now, DateTimeOffset since, int limit);

    /// <summary>
    /// Removes every run of a deployment. Its log entries are unreachable at once, and <see cref="ILogTable.PruneRemoved"/> deletes them later.
    /// </summary>
    void Remove(string site, string deployment);
}
