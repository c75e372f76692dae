using System.Text.RegularExpressions;

namespace Nyala.Cli.Connection;

/// <summary>Rewrites a server's error for the command line: a request that the error suggests becomes the verb that sends it.</summary>
internal static partial class RefusalText
{
    private const string Any = "*";

    // The keys are a method and a path below /api or /sites/SITE/api. In the verbs, {0} is the second part of the path, and {1} is the site.
    private static readonly Dictionary<string, string> Verbs = new(StringComparer.Ordinal)
    {
        ["GET hooks"] = "hooks list",
        ["POST hooks"] = "hooks add URL",
        ["DELETE hooks"] = "hooks remove URL",
        ["GET hooks/*"] = "hooks show {0}",
        ["PATCH hooks/*"] = "hooks set {0}",
        ["DELETE hooks/*"] = "hooks remove {0}",
        ["POST hooks/*/ping"] = "hooks ping {0}",
        ["POST hooks/*/pause"] = "hooks pause {0}",
        ["POST hooks/*/resume"] = "hooks resume {0}",
        ["POST hooks/*/enable"] = "hooks enable {0}",
        ["POST hooks/*/restore"] = "hooks restore {0}",
        ["POST hooks/*/rotate-secret"] = "hooks rotate-secret {0}",
        ["POST hooks/*/redeliver"] = "deliveries redeliver --hook {0} --since TIME",
        ["GET hooks/*/redeliveries"] = "deliveries list --hook {0}",
        ["POST hooks/publish"] = "events publish --batch FILE",
        ["POST hooks/publish/*"] = "events publish TYPE",
        ["GET deployments"] = "deployments list",
        ["PUT deployments"] = "deployments redeploy",
        ["POST deployments/rollback"] = "deployments rollback",
        ["GET deployments/*"] = "deployments show {0}",
        ["PUT deployments/*"] = "deployments redeploy {0}",
        ["DELETE deployments/*"] = "deployments remove {0}",
        ["POST deployments/*/cancel"] = "deployments cancel {0}",
        ["GET deployments/*/log"] = "deployments log {0}",
        ["GET deployments/*/runs"] = "deployments runs {0}",
        ["GET deliveries"] = "deliveries list",
        ["GET deliveries/*"] = "deliveries show {0}",
        ["POST deliveries/*/redeliver"] = "deliveries redeliver {0}",
        ["GET redeliveries/*"] = "deliveries redelivery {0}",
        ["DELETE redeliveries/*"] = "deliveries redelivery {0} --stop",
        ["GET events"] = "events list",
        ["GET events/*"] = "events show {0}",
        ["GET sites"] = "sites list",
        ["POST sites"] = "sites create NAME",
        ["GET sites/*"] = "sites show {0}",
        ["PATCH sites/*"] = "sites set {0}",
        ["DELETE sites/*"] = "sites remove {0}",
        ["GET settings"] = "sites settings list {1}",
        ["POST settings"] = "sites settings set {1} NAME=VALUE",
        ["GET settings/*"] = "sites settings get {1} {0}",
        ["DELETE settings/*"] = "sites settings unset {1} {0}",
        ["GET tokens"] = "tokens list",
        ["POST tokens"] = "tokens create NAME",
        ["DELETE tokens/*"] = "tokens revoke {0}",
        ["GET audit"] = "audit",
        ["POST deploy"] = "deploy URL",
        ["POST zipdeploy"] = "deploy FOLDER",
        ["PUT zipdeploy"] = "deploy URL",
        ["POST publish"] = "deploy FOLDER",
        ["POST zip"] = "deploy FOLDER",
    };

    /// <summary>All verbs that can be suggested.</summary>
    public static IEnumerable<string> AllVerbs => Verbs.Values;

    /// <summary>Returns the error with verbs in place of requests.</summary>
    public static string WithVerbs(string refusal) => SiteHint().Replace(DuplicateHint().Replace(Requests().Replace(refusal, match => VerbOf(match) ?? match.Value), "$1"), "use --site ${site}.");

    /// <summary>Whether an error suggests a request that has no verb.</summary>
    public static bool HasRequest(string text) => Requests().IsMatch(WithVerbs(text));

    private static string? VerbOf(Match request)
    {
        string[] parts = [.. request.Groups["path"].Value.Split('?')[0].Split('/', StringSplitOptions.RemoveEmptyEntries)];
        string site = "SITE";
        if (parts is ["sites", _, "api", ..])
        {
            (site, parts) = (parts[1], parts[3..]);
        }
        else if (parts is ["api", ..])
        {
            parts = parts[1..];
        }

        if (parts.Length == 0)
        {
            return null;
        }

        string id = parts.Length > 1 ? Placeholder(parts[1]) : "";
        string method = request.Groups["method"].Value;
        string[] forms = [string.Join('/', parts), .. parts.Length > 1 ? [string.Join('/', [parts[0], Any, .. parts[2..]]), string.Join('/', [.. parts[..^1], Any])] : Array.Empty<string>()];
        string? verb = forms.Select(form => Verbs.GetValueOrDefault($"{method} {form}")).FirstOrDefault(found => found is not null);
        return verb is null ? null : $"\"nyala {verb.Replace("{0}", id, StringComparison.Ordinal).Replace("{1}", Placeholder(site), StringComparison.Ordinal)}\"";
    }

    // {id} becomes ID.
    private static string Placeholder(string part) => part.StartsWith('{') ? part.Trim('{', '}').ToUpperInvariant() : part;

    [GeneratedRegex(@"\b(?<method>GET|HEAD|POST|PUT|PATCH|DELETE) (?<path>/[^\s,;""`)]*[^\s,;""`).:])")]
    private static partial Regex Requests();

    // The hint for a token that is limited to one site: to use the same path at that site.
    [GeneratedRegex(@"\buse /(?:api/)?sites/(?<site>[\w.-]+?)(?:/\S*)?\.(?= |$)")]
    private static partial Regex SiteHint();

    // A hint in which the server also names the verb.
    [GeneratedRegex("\"nyala [^\"]*\", or (`nyala [^`]*`)")]
    private static partial Regex DuplicateHint();
}
