using Fluid;
using Fluid.Values;

namespace Nyala.Server.Outbound.Templates;

/// <summary>
/// The work that one rendering may do. It counts what the template does and never the time, so that an event is rendered in the same way on every machine.
/// </summary>
internal sealed class RenderBudget
{
    /// <summary>The steps of a rendering. A step is a tag, a value that is read, an element of a list, or 32 characters of text.</summary>
    public const int MaxSteps = 250_000;

    /// <summary>The characters of a text that a filter or a capture makes.</summary>
    public const int MaxText = 1024 * 1024;

    private const int CharactersPerStep = 32;

    private long _left = MaxSteps;

    public static RenderBudget Of(TemplateContext context) => ((RenderContext)context).Budget;

    /// <summary>Takes steps from the budget.</summary>
    /// <exception cref="TemplateStoppedException">None are left.</exception>
    public void Take(long steps)
    {
        if ((_left -= steps) < 0)
        {
            throw new TemplateStoppedException(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"it takes more than {MaxSteps:N0} steps"));
        }
    }

    /// <summary>Takes the steps for reading a text.</summary>
    public void TakeText(int length) => Take(StepsOf(length));

    /// <summary>Takes the steps for finding a text in another one. A search can compare the wanted text at each position.</summary>
    public void TakeSearch(int length, int wanted) => Take(StepsOf(length) * StepsOf(wanted));

    /// <summary>Takes the steps for reading a value with everything in it. It stops as soon as the budget is spent.</summary>
    public void TakeValue(FluidValue value)
    {
        switch (value)
        {
            case StringValue text:
                TakeText(text.ToStringValue().Length);
                break;
            case ArrayValue list:
                Take(1);
                foreach (FluidValue element in list.Values)
                {
                    TakeValue(element);
                }

                break;
            case DictionaryValue when value.ToObjectValue() is IFluidIndexable fields:
                Take(1);
                foreach (string name in fields.Keys)
                {
                    TakeText(name.Length);
                    fields.TryGetValue(name, out FluidValue field);
                    TakeValue(field);
                }

                break;
            default:
                Take(1);
                break;
        }
    }

    private static long StepsOf(int length) => 1 + (length / CharactersPerStep);
}

/// <summary>Ends a rendering that reached a limit, or that uses a value in a way that is not possible. Fluid's filters offer no other way to stop.</summary>
/// <param name="reason">Why, as the end of a sentence about the template.</param>
internal sealed class TemplateStoppedException(string reason) : Exception(reason);

/// <summary>What Fluid needs to render a template, with the budget. The time is that of the event, and the time zone is UTC.</summary>
internal sealed class RenderContext : TemplateContext
{
    public RenderContext(TemplateOptions options, DateTimeOffset time)
        : base(options)
    {
        Now = () => time;
        TimeZone = TimeZoneInfo.Utc;
    }

    public RenderBudget Budget { get; } = new();
}

/// <summary>Collects text up to a limit.</summary>
internal sealed class LimitedWriter(RenderBudget budget, int limit) : StringWriter(System.Globalization.CultureInfo.InvariantCulture)
{
    public override void Write(char value)
    {
        Check(1);
        base.Write(value);
    }

    public override void Write(char[] buffer, int index, int count)
    {
        Check(count);
        base.Write(buffer, index, count);
    }

    public override void Write(ReadOnlySpan<char> buffer)
    {
        Check(buffer.Length);
        base.Write(buffer);
    }

    public override void Write(string? value)
    {
        Check(value?.Length ?? 0);
        base.Write(value);
    }

    private void Check(int length)
    {
        budget.TakeText(length);
        if (GetStringBuilder().Length + length > limit)
        {
            throw new TemplateStoppedException(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"it makes a text of more than {limit:N0} characters"));
        }
    }
}
