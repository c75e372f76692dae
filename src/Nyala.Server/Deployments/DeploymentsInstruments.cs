using System.Diagnostics.Metrics;
using Nyala.Client;

namespace Nyala.Server.Deployments;

/// <summary>Metrics of deployments.</summary>
internal sealed class DeploymentsInstruments
{
    private readonly Counter<long> _reports;
    private readonly Counter<long> _ends;

    public DeploymentsInstruments(Meter meter)
    {
        _reports = meter.CreateCounter<long>("nyala.deployments.reports", "{report}", "Reports that were recorded.");
        _ends = meter.CreateCounter<long>("nyala.deployments.ends", "{run}", "Runs that ended: success, failed, or given_up where the deployer had gone silent.");
    }

    public void Reported(ReportVerdict verdict)
    {
        if (verdict is not ReportVerdict.Write write)
        {
            return;
        }

        _reports.Add(1);
        if (write.Event == EventTypes.PostDeployment)
        {
            _ends.Add(1, new KeyValuePair<string, object?>("end", write.Run.Status == DeploymentStatus.Success ? "success" : "failed"));
        }
    }

    public void GivenUp() => _ends.Add(1, new KeyValuePair<string, object?>("end", "given_up"));
}
