using System.Collections.Frozen;
using Fluid;
using Fluid.Values;

namespace Nyala.Server.Outbound.Templates;

/// <summary>The filters of templates. Every filter takes the steps for its input, arguments and result from the budget.</summary>
internal static class TemplateFilters
{
    private const string Date = "date";
    private const string Json = "json";
    private const string Raw = "raw";

    // Fluid's filters that depend on nothing but their input, and whose result is not much larger than it.
    private static readonly string[] Fluids =
    [
        "append", "capitalize", "downcase", "lstrip", "newline_to_br", "prepend", "rstrip", "slice", "strip", "strip_newlines", "truncate", "truncatewords", "upcase",
        "compact", "concat", "first", "last", "map", "reverse", "size",
        "abs", "at_least", "at_most", "ceil", "divided_by", "floor", "minus", "modulo", "plus", "round", "times",
        "base64_encode", "default", "escape", "url_decode", "url_encode",
    ];

    private static readonly FrozenDictionary<string, Func<FluidValue, FilterArguments, RenderBudget, FluidValue>> Own =
        new Dictionary<string, Func<FluidValue, FilterArguments, RenderBudget, FluidValue>>
        {
            ["join"] = ListFilters.Join,
            ["sort"] = (input, arguments, budget) => ListFilters.Sort(input, arguments, budget, StringComparer.Ordinal),
            ["sort_natural"] = (input, arguments, budget) => ListFilters.Sort(input, arguments, budget, StringComparer.OrdinalIgnoreCase),
            ["split"] = ListFilters.Split,
            ["uniq"] = ListFilters.Unique,
            ["where"] = ListFilters.Where,
            ["remove"] = SearchFilters.Remove,
            ["remove_first"] = SearchFilters.RemoveFirst,
            ["remove_last"] = SearchFilters.RemoveLast,
            ["replace"] = SearchFilters.Replace,
            ["replace_first"] = SearchFilters.ReplaceFirst,
            ["replace_last"] = SearchFilters.ReplaceLast,
        }.ToFrozenDictionary();

    /// <summary>The names of the filters.</summary>
    public static FrozenSet<string> Names { get; } = new[] { Date, Json, Raw }.Concat(Fluids).Concat(Own.Keys).ToFrozenSet();

    /// <summary>Returns Fluid's options with these filters alone.</summary>
    public static TemplateOptions Options(bool jsonIsEscaped)
    {
        var options = new TemplateOptions { StrictFilters = true, TimeZone = TimeZoneInfo.Utc };
        var all = options.Filters.ToDictionary(filter => filter.Key, filter => filter.Value);
        options.Filters.Clear();
        foreach (string name in Fluids)
        {
            options.Filters.AddFilter(name, Metered(all[name]));
        }

        foreach ((string name, Func<FluidValue, FilterArguments, RenderBudget, FluidValue> filter) in Own)
        {
            options.Filters.AddFilter(name, Metered((input, arguments, context) => ValueTask.FromResult(filter(input, arguments, RenderBudget.Of(context)))));
        }

        FilterDelegate date = all[Date];
        options.Filters.AddFilter(Date, Metered((input, arguments, context) => DateFilter.Apply(input, arguments, (RenderContext)context, date)));

        // The text of these two filters is written as it is. Any other filter that follows makes it ordinary text again.
        options.Filters.AddFilter(Json, Metered(
            (input, _, _) => ValueTask.FromResult<FluidValue>(new StringValue(TemplateValues.Json(input), encode: jsonIsEscaped)), keepsEncode: true));
        options.Filters.AddFilter(Raw, Metered(
            (input, _, context) => ValueTask.FromResult<FluidValue>(new StringValue(TemplateValues.Text(input, RenderBudget.Of(context)), encode: false)), keepsEncode: true));
        return options;
    }

    private static FilterDelegate Metered(FilterDelegate filter, bool keepsEncode = false) => async (input, arguments, context) =>
    {
        RenderBudget budget = RenderBudget.Of(context);
        budget.TakeValue(input);
        for (int i = 0; i < arguments.Count; i++)
        {
            budget.TakeValue(arguments.At(i));
        }

        FluidValue result = await filter(input, arguments, context);
        if (result is StringValue text)
        {
            TemplateValues.CheckLength(text.ToStringValue().Length);
        }

        budget.TakeValue(result);
        return result is StringValue { Encode: false } plain && !keepsEncode ? new StringValue(plain.ToStringValue()) : result;
    };
}
