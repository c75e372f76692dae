using System.Text.Json;
using Nyala.Client;
using Nyala.Server.Http;
using Nyala.Server.Sites;

namespace Nyala.Server.Events;

/// <summary>Reads a filter that a caller sent, and normalizes it for storage.</summary>
internal static class FilterForm
{
    private const int MaxValues = 50;
    private const int MaxCharacters = 200;

    private static readonly HookFilter Everything = new();
    private static readonly string[] Known = ["status", "site", "branch", "author", "change"];

    /// <summary>
    /// Reads a filter, or a list of filters of which an event must match one, without duplicates. Returns null if it is not valid, or if it matches every event.
    /// </summary>
    /// <param name="value">What the caller sent.</param>
    /// <param name="type">The hook's event type; null if it is not known.</param>
    /// <param name="site">The only site whose events the hook receives; null for every site.</param>
    /// <param name="refuse">Takes the errors.</param>
    public static IReadOnlyList<HookFilter>? Read(JsonElement value, string? type, string? site, Action<string> refuse)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            return ReadMatching("filter", value) is { } one && one != Everything ? [one] : null;
        }

        int count = value.GetArrayLength();
        if (count is 0 or > HookFilter.MaxOfHook)
        {
            refuse(count == 0
                ? "'filter' is an empty list, which matches nothing. To match everything, send {}."
                : $"'filter' is a list of {count} filters; the maximum is {HookFilter.MaxOfHook}.");
            return null;
        }

        HookFilter?[] filters = [.. value.EnumerateArray().Select((item, index) => ReadMatching($"filter[{index}]", item))];
        int everything = Array.IndexOf(filters, Everything);
        if (everything >= 0 && filters.Any(filter => filter != Everything))
        {
            refuse($"'filter[{everything}]' is empty, which matches everything, so that the other filters have no effect. Remove it, or send {{}} as the whole filter.");
            return null;
        }

        return everything >= 0 || filters.Contains(null) ? null : [.. filters.OfType<HookFilter>().DistinctBy(filter => Filter.Write([filter]))];

        HookFilter? ReadMatching(string path, JsonElement item)
        {
            HookFilter? filter = ReadOne(path, item, refuse);
            if (filter is null || type is null || FilterRule.Never(filter, type, site, path) is not { } never)
            {
                return filter;
            }

            refuse(never);
            return null;
        }
    }

    private static HookFilter? ReadOne(string path, JsonElement value, Action<string> refuse)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            refuse($$"""'{{path}}' must be an object{{(path == "filter" ? " or a list of objects" : "")}}, for example {"change":["broke","fixed"]}.""");
            return null;
        }

        bool wrong = false;
        var fields = new JsonFields(value);
        fields.RefuseOthers(Known, "");
        foreach (FieldError error in fields.Errors)
        {
            Refuse(error.Text.Replace("of this request", path == "filter" ? "of a filter" : $"of '{path}'", StringComparison.Ordinal));
        }

        var filter = new HookFilter
        {
            Status = Words("status", FilterValues.Statuses.Select(item => item.Word)),
            Site = Patterns("site", StringComparer.OrdinalIgnoreCase, text => WrongSite($"{path}.site", text)),
            Branch = Patterns("branch", StringComparer.Ordinal, _ => null),
            Author = Patterns("author", StringComparer.OrdinalIgnoreCase, _ => null),
            Change = Words("change", FilterValues.Changes.Select(item => item.Word)),
        };
        return wrong ? null : filter;

        void Refuse(string text)
        {
            wrong = true;
            refuse(text);
        }

        string[]? Words(string name, IEnumerable<string> known)
        {
            string[]? given = Texts(fields, name, path, Refuse);
            if (given?.Except(known, StringComparer.OrdinalIgnoreCase).FirstOrDefault() is { } odd)
            {
                Refuse($"'{path}.{name}' contains '{Short(odd)}'. The valid values are {string.Join(", ", known)}.");
                return null;
            }

            // Normalized to the order and the case of the known words.
            return given is null ? null : [.. known.Where(word => given.Contains(word, StringComparer.OrdinalIgnoreCase))];
        }

        string[]? Patterns(string name, StringComparer comparer, Func<string, string?> more)
        {
            string[]? given = Texts(fields, name, path, Refuse);
            if (given?.Select(text => WrongPattern($"{path}.{name}", text) ?? more(text)).FirstOrDefault(reason => reason is not null) is { } reason)
            {
                Refuse(reason);
                return null;
            }

            return given is null ? null : [.. given.Select(Simple).Distinct(comparer)];
        }
    }

    private static string[]? Texts(JsonFields fields, string name, string path, Action<string> refuse)
    {
        if (fields.Element(name) is not { } value)
        {
            return null;
        }

        JsonElement[] items = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
        var texts = new List<string>(items.Length);
        foreach (JsonElement item in items)
        {
            if (item.ValueKind == JsonValueKind.String && JsonFields.TryGetText(item, out string? text))
            {
                texts.Add(text);
            }
        }

        string? reason = texts.Count < items.Length ? "must be a list of strings"
            : items.Length == 0 ? "is an empty list, which matches nothing. Leave it out to match everything"
            : items.Length > MaxValues ? $"has {items.Length} values; the maximum is {MaxValues}"
            : null;
        if (reason is not null)
        {
            refuse($"'{path}.{name}' {reason}.");
            return null;
        }

        return [.. texts];
    }

    private static string? WrongPattern(string path, string pattern) => pattern switch
    {
        "" => $"'{path}' contains an empty string, which matches nothing. To match everything, use *.",
        { Length: > MaxCharacters } => $"'{path}' contains a value of {pattern.Length} characters; the maximum is {MaxCharacters}.",
        _ when pattern.Any(char.IsControl) => $"'{path}' contains a value with a control character.",
        _ => null,
    };

    private static string? WrongSite(string path, string pattern)
    {
        // A star may match the first letter of a name, or nothing.
        string rest = pattern.Replace("*", "", StringComparison.Ordinal);
        string example = pattern.StartsWith('*') ? "x" + rest : rest;
        return SiteName.IsValid(example) || SiteName.IsValid(rest.Length == 0 ? "x" : rest)
            ? null
            : $"'{path}' contains '{Short(pattern)}', which cannot match any site name. A site name must be {SiteName.Rule}.";
    }

    private static string Simple(string pattern)
    {
        while (pattern.Contains("**", StringComparison.Ordinal))
        {
            pattern = pattern.Replace("**", "*", StringComparison.Ordinal);
        }

        return pattern;
    }

    private static string Short(string text) => text.Length > 40 ? text[..40] + "…" : text;
}
