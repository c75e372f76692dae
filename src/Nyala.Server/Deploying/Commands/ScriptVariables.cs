using System.Text;
using Nyala.Server.Processes;
using Nyala.Server.Storage;

namespace Nyala.Server.Deploying.Commands;

/// <summary>The environment of a deploy command, in addition to <see cref="CleanEnvironment"/>. The names are Kudu's.</summary>
internal static class ScriptVariables
{
    public const string KuduSync = "KUDU_SYNC_CMD";

    /// <summary>The maximum number of bytes of a commit message that a command gets. Linux starts no program with a variable above 128 KiB.</summary>
    private const int MaxMessage = 32 * 1024;

    /// <param name="plan">The plan of the deployment.</param>
    /// <param name="run">The run.</param>
    /// <param name="message">The message of the commit, or of the run if the files come from no commit.</param>
    /// <param name="source">The folder in which the command runs.</param>
    /// <param name="target">The folder that the command fills.</param>
    /// <param name="around">The files beside these folders.</param>
    public static Dictionary<string, string> Of(DeployPlan plan, RunRecord run, string message, string source, string target, ScriptFolder around)
    {
        // As in Kudu, a setting may override these. The case of its name does not matter.
        var variables = new Dictionary<string, string>(plan.Variables, StringComparer.Ordinal)
        {
            ["WEBROOT_PATH"] = DeployPlan.Find(plan.Variables, "WEBROOT_PATH") ?? target,
            [KuduSync] = DeployPlan.Find(plan.Variables, KuduSync) ?? "kudusync",
            ["IN_PLACE_DEPLOYMENT"] = DeployPlan.Find(plan.Variables, "IN_PLACE_DEPLOYMENT") ?? "0",
        };

        (string Name, string Value)[] own =
        [
            ("DEPLOYMENT_SOURCE", source),
            ("DEPLOYMENT_TARGET", target),
            ("DEPLOYMENT_TEMP", around.Temporary),
            ("DEPLOYMENT_ID", run.Deployment),
            ("DEPLOYMENT_SITE", run.Site),
            ("DEPLOYMENT_BRANCH", run.Branch ?? ""),
            ("SCM_COMMIT_ID", run.Deployment),
            ("SCM_COMMIT_MESSAGE", Fit(message)),
            ("NEXT_MANIFEST_PATH", around.NextManifest),
            ("PREVIOUS_MANIFEST_PATH", around.PreviousManifest),
            ("IGNORE_MANIFEST", "0"),

            // Otherwise git finds a repository that happens to contain the data folder.
            ("GIT_CEILING_DIRECTORIES", $"{Path.GetDirectoryName(source)}:{Path.GetDirectoryName(target)}"),
        ];
        foreach ((string name, string value) in own)
        {
            variables[name] = value;
        }

        return variables;
    }

    /// <summary>Returns as much of a text as an environment variable can hold: without NUL, and not too long.</summary>
    internal static string Fit(string text)
    {
        string whole = text.Replace("\0", "", StringComparison.Ordinal);
        if (Encoding.UTF8.GetByteCount(whole) <= MaxMessage)
        {
            return whole;
        }

        int length = 0;
        int bytes = 0;
        foreach (Rune rune in whole.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > MaxMessage)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return whole[..length];
    }
}
