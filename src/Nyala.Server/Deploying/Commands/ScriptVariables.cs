using System.Text;
using Nyala.Server.Processes;
using Nyala.Server.Storage;

namespace Nyala.Server.Deploying.Commands;

/// <summary>The environment of a deploy command, beside <see cref="CleanEnvironment"/>: the names are Kudu's.</summary>
internal static class ScriptVariables
{
    public const string KuduSync = "KUDU_SYNC_CMD";

    /// <summary>How many bytes of a commit's message a command is given. Linux starts no program with a variable above 128 KiB.</summary>
    private const int MaxMessage = 32 * 1024;

    /// <param name="plan">What was chosen.</param>
    /// <param name="run">The run.</param>
    /// <param name="message">What the commit says, or who sent a zip.</param>
    /// <param name="source">Where the command runs.</param>
    /// <param name="target">What it fills.</param>
    /// <param name="around">What is there beside them.</param>
    public static Dictionary<string, string> Of(DeployPlan plan, RunRecord run, string message, string source, string target, ScriptFolder around)
    {
        // These a setting may choose, as with Kudu, under a name in any case.
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

            // Else git finds a repository that the data folder happens to be in.
            ("GIT_CEILING_DIRECTORIES", $"{Path.GetDirectoryName(source)}:{Path.GetDirectoryName(target)}"),
        ];
        foreach ((string name, string value) in own)
        {
            variables[name] = value;
        }

        return variables;
    }

    /// <summary>As much of a text as an environment takes: no NUL, and not too long.</summary>
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
