using System.Diagnostics.CodeAnalysis;
using Nyala.Server.Sites;

namespace Nyala.Server.Deployments;

/// <summary>The form of a deployment's id.</summary>
internal static class DeploymentId
{
    /// <summary>The form, as error messages state it.</summary>
    public const string Rule = SiteName.Rule + ", and not 'latest'";

    public static bool IsValid([NotNullWhen(true)] string? id) =>
        SiteName.IsValid(id) && !id.Equals("latest", StringComparison.OrdinalIgnoreCase);
}
