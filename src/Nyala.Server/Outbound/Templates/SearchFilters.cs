using Fluid;
using Fluid.Values;

namespace Nyala.Server.Outbound.Templates;

/// <summary>Filters that find a text in another. Fluid's own may exceed the limit of a text, or search by the culture of the server.</summary>
internal static class SearchFilters
{
    public static FluidValue Replace(FluidValue input, FilterArguments arguments, RenderBudget budget) =>
        ReplaceAll(input, arguments, budget, TemplateValues.Text(arguments.At(1), budget));

    public static FluidValue Remove(FluidValue input, FilterArguments arguments, RenderBudget budget) => ReplaceAll(input, arguments, budget, "");

    public static FluidValue ReplaceFirst(FluidValue input, FilterArguments arguments, RenderBudget budget) =>
        ReplaceOne(input, arguments, budget, TemplateValues.Text(arguments.At(1), budget), last: false);

    public static FluidValue ReplaceLast(FluidValue input, FilterArguments arguments, RenderBudget budget) =>
        ReplaceOne(input, arguments, budget, TemplateValues.Text(arguments.At(1), budget), last: true);

    public static FluidValue RemoveFirst(FluidValue input, FilterArguments arguments, RenderBudget budget) => ReplaceOne(input, arguments, budget, "", last: false);

    public static FluidValue RemoveLast(FluidValue input, FilterArguments arguments, RenderBudget budget) => ReplaceOne(input, arguments, budget, "", last: true);

    private static StringValue ReplaceAll(FluidValue input, FilterArguments arguments, RenderBudget budget, string replacement)
    {
        (string text, string wanted) = Read(input, arguments, budget);
        if (wanted.Length == 0)
        {
            return new StringValue(text);
        }

        long found = text.AsSpan().Count(wanted);
        TemplateValues.CheckLength(text.Length + (found * (replacement.Length - wanted.Length)));
        return new StringValue(text.Replace(wanted, replacement, StringComparison.Ordinal));
    }

    private static StringValue ReplaceOne(FluidValue input, FilterArguments arguments, RenderBudget budget, string replacement, bool last)
    {
        (string text, string wanted) = Read(input, arguments, budget);
        int at = last ? text.LastIndexOf(wanted, StringComparison.Ordinal) : text.IndexOf(wanted, StringComparison.Ordinal);
        return new StringValue(wanted.Length == 0 || at < 0 ? text : string.Concat(text.AsSpan(0, at), replacement, text.AsSpan(at + wanted.Length)));
    }

    private static (string Text, string Wanted) Read(FluidValue input, FilterArguments arguments, RenderBudget budget)
    {
        (string text, string wanted) = (TemplateValues.Text(input, budget), TemplateValues.Text(arguments.At(0), budget));
        budget.TakeSearch(text.Length, wanted.Length);
        return (text, wanted);
    }
}
