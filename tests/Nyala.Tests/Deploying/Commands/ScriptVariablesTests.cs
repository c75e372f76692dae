using System.Text;
using CsCheck;
using Nyala.Server.Deploying.Commands;
using Nyala.Server.Storage;
using Nyala.Tests.Support;

namespace Nyala.Tests.Deploying.Commands;

public sealed class ScriptVariablesTests
{
    [Fact]
    public void Fit_cuts_any_message_to_32_KiB_and_removes_NUL_characters() => Gen.Select(Gen.String, Gen.Int[1, 4000]).Sample(
        (text, times) =>
        {
            string whole = string.Concat(Enumerable.Repeat(text + "\0ß€😀", times));
            string fit = ScriptVariables.Fit(whole);

            return Encoding.UTF8.GetByteCount(fit) <= 32 * 1024
                && !fit.Contains('\0', StringComparison.Ordinal)
                && whole.Replace("\0", "", StringComparison.Ordinal).StartsWith(fit, StringComparison.Ordinal)
                && (fit.Length == 0 || !char.IsHighSurrogate(fit[^1]) || !char.IsLowSurrogate(whole.Replace("\0", "", StringComparison.Ordinal).ElementAtOrDefault(fit.Length)));
        },
        iter: Math.Min(Fuzz.Cases, 1_000));

    [Fact]
    public void A_setting_overrides_only_the_variables_that_Kudu_lets_it_override()
    {
        Dictionary<string, string> usual = Of();
        Dictionary<string, string> chosen = Of(("kudu_sync_cmd", "/opt/sync"), ("WEBROOT_PATH", "/www"), ("IN_PLACE_DEPLOYMENT", "1"), ("SCM_COMMIT_ID", "x"), ("DEPLOYMENT_TEMP", "x"));

        Assert.Equal(("kudusync", "/target", "0", "abc"), (usual["KUDU_SYNC_CMD"], usual["WEBROOT_PATH"], usual["IN_PLACE_DEPLOYMENT"], usual["SCM_COMMIT_ID"]));
        Assert.Equal(("/opt/sync", "/www", "1", "abc"), (chosen["KUDU_SYNC_CMD"], chosen["WEBROOT_PATH"], chosen["IN_PLACE_DEPLOYMENT"], chosen["SCM_COMMIT_ID"]));
        Assert.Equal(usual["DEPLOYMENT_TEMP"], chosen["DEPLOYMENT_TEMP"]);
    }

    private static Dictionary<string, string> Of(params (string Name, string Value)[] settings) => ScriptVariables.Of(
        DeployPlan.Of("x", settings.ToDictionary(setting => setting.Name, setting => setting.Value), null),
        new RunRecord { Id = 1, Site = "shop", Deployment = "abc" },
        "message",
        "/work/abc-1",
        "/target",
        new ScriptFolder("/work/script-abc-1"));
}
