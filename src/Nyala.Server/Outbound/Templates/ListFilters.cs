using Fluid;
using Fluid.Values;

namespace Nyala.Server.Outbound.Templates;

/// <summary>Filters for lists that Fluid's own would make larger than the limit, or order by the culture of the server.</summary>
internal static class ListFilters
{
    // The comparisons of one element, at most.
    private const int ComparisonsPerElement = 20;

    public static FluidValue Join(FluidValue input, FilterArguments arguments, RenderBudget budget)
    {
        if (input is not ArrayValue list)
        {
            return input;
        }

        string separator = arguments.Count == 0 ? " " : TemplateValues.Text(arguments.At(0), budget);
        string[] texts = [.. list.Values.Select(element => TemplateValues.Text(element, budget))];
        TemplateValues.CheckLength(texts.Sum(text => (long)text.Length) + ((long)separator.Length * texts.Length));
        return new StringValue(string.Join(separator, texts));
    }

    public static FluidValue Split(FluidValue input, FilterArguments arguments, RenderBudget budget)
    {
        (string text, string separator) = (TemplateValues.Text(input, budget), TemplateValues.Text(arguments.At(0), budget));
        if (separator.Length == 0)
        {
            budget.Take(text.Length);
            return new ArrayValue([.. text.EnumerateRunes().Select(rune => new StringValue(rune.ToString()))]);
        }

        budget.TakeSearch(text.Length, separator.Length);
        return new ArrayValue([.. text.Split(separator, StringSplitOptions.RemoveEmptyEntries).Select(part => new StringValue(part))]);
    }

    /// <summary>Sorts by a field, or by the elements themselves: numbers before texts, and what cannot be compared at the end.</summary>
    public static FluidValue Sort(FluidValue input, FilterArguments arguments, RenderBudget budget, StringComparer comparer)
    {
        if (input is not ArrayValue list)
        {
            return input;
        }

        for (int i = 0; i < ComparisonsPerElement; i++)
        {
            budget.TakeValue(list);
        }

        string? field = arguments.Count == 0 ? null : arguments.At(0).ToStringValue();
        return new ArrayValue([.. list.Values
            .Select(element => (Element: element, Key: field is null ? element : Field(element, field)))
            .OrderBy(pair => pair.Key is NumberValue ? 0 : pair.Key is StringValue ? 1 : 2)
            .ThenBy(pair => pair.Key is NumberValue ? pair.Key.ToNumberValue() : 0)
            .ThenBy(pair => pair.Key is StringValue ? pair.Key.ToStringValue() : "", comparer)
            .Select(pair => pair.Element)]);
    }

    /// <summary>Keeps the first of equal numbers, texts and flags. Fluid's own compares every element with all others.</summary>
    public static FluidValue Unique(FluidValue input, FilterArguments arguments, RenderBudget budget)
    {
        var known = new HashSet<(FluidValues Type, string Text)>();
        return input is ArrayValue list
            ? new ArrayValue([.. list.Values.Where(element => element is ArrayValue or DictionaryValue || known.Add((element.Type, element.ToStringValue())))])
            : input;
    }

    /// <summary>Keeps the objects whose field is equal to a value, or is neither false nor missing if no value is given.</summary>
    public static FluidValue Where(FluidValue input, FilterArguments arguments, RenderBudget budget)
    {
        if (input is not ArrayValue list)
        {
            return input;
        }

        string field = arguments.At(0).ToStringValue();
        FluidValue wanted = arguments.At(1);
        if (wanted is ArrayValue or DictionaryValue)
        {
            return ArrayValue.Empty;
        }

        if (wanted is StringValue text)
        {
            budget.TakeSearch(list.Values.Count, text.ToStringValue().Length);
        }

        return new ArrayValue([.. list.Values.Where(element => Field(element, field) is var value
            && (arguments.Count < 2 ? !value.IsNil() && value.ToBooleanValue() : value is not (ArrayValue or DictionaryValue) && value.Equals(wanted)))]);
    }

    private static FluidValue Field(FluidValue element, string name) =>
        element is DictionaryValue && element.ToObjectValue() is IFluidIndexable fields && fields.TryGetValue(name, out FluidValue value) ? value : NilValue.Instance;
}
