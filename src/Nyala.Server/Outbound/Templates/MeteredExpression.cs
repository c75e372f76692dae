using System.Text.Encodings.Web;
using Fluid;
using Fluid.Ast;
using Fluid.Values;

namespace Nyala.Server.Outbound.Templates;

/// <summary>Reads a value, and takes the steps for it from the budget.</summary>
internal sealed class MeteredExpression(Expression inner) : Expression
{
    public override async ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
    {
        FluidValue value = await inner.EvaluateAsync(context);
        RenderBudget.Of(context).TakeValue(value);
        return value;
    }
}

/// <summary>Compares two values. Two lists or objects are never equal, because a comparison of everything in them can be expensive.</summary>
internal sealed class MeteredOperator(string sign, Expression left, Expression right, Func<Expression, Expression, Expression> make) : Expression
{
    public Expression Rewrite(Func<Expression, Expression> rewrite) => new MeteredOperator(sign, rewrite(left), rewrite(right), make);

    public override async ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
    {
        (FluidValue one, FluidValue two) = (await left.EvaluateAsync(context), await right.EvaluateAsync(context));
        RenderBudget budget = RenderBudget.Of(context);
        budget.TakeValue(one);
        budget.TakeValue(two);
        if (HasElements(two) && (HasElements(one) || sign == "contains"))
        {
            return BooleanValue.Create(sign is "!=" or "<>");
        }

        if (sign == "contains" && one is DictionaryValue && one.ToObjectValue() is IFluidIndexable fields)
        {
            return BooleanValue.Create(fields.TryGetValue(two.ToStringValue(), out _));
        }

        if (sign == "contains")
        {
            budget.TakeSearch(one is StringValue text ? text.ToStringValue().Length : 0, two.ToStringValue().Length);
        }

        return await make(new LiteralExpression(one), new LiteralExpression(two)).EvaluateAsync(context);
    }

    private static bool HasElements(FluidValue value) => value is ArrayValue or DictionaryValue;
}

/// <summary>A range such as <c>(1..5)</c>, whose elements are taken from the budget before the list is made.</summary>
internal sealed class MeteredRange(Expression from, Expression to) : Expression
{
    public override async ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
    {
        decimal first = decimal.Truncate((await from.EvaluateAsync(context)).ToNumberValue());
        decimal last = decimal.Truncate((await to.EvaluateAsync(context)).ToNumberValue());
        if (last < first)
        {
            return ArrayValue.Empty;
        }

        decimal count = last - first + 1;
        RenderBudget.Of(context).Take((long)decimal.Min(count, int.MaxValue));
        return new ArrayValue([.. Enumerable.Range(0, (int)count).Select(index => NumberValue.Create(first + index))]);
    }
}

/// <summary>Takes the steps of the statements of a loop, once for each iteration.</summary>
internal sealed class StepStatement(int steps) : Statement
{
    public override ValueTask<Completion> WriteToAsync(TextWriter writer, TextEncoder encoder, TemplateContext context)
    {
        RenderBudget.Of(context).Take(steps);
        return Normal();
    }
}

/// <summary>Writes a value, escaped. Fluid's own statement does not escape the elements of a list.</summary>
internal sealed class EscapedOutput(Expression expression) : Statement
{
    public override async ValueTask<Completion> WriteToAsync(TextWriter writer, TextEncoder encoder, TemplateContext context)
    {
        FluidValue value = await expression.EvaluateAsync(context);
        string text = TemplateValues.Text(value, RenderBudget.Of(context));
        await writer.WriteAsync(value is StringValue { Encode: false } ? text : encoder.Encode(text));
        return Completion.Normal;
    }
}

/// <summary>
/// Captures text as it is, without escapes. It is escaped where it is written, so that filters see the text itself, and nothing is escaped twice or not at all.
/// </summary>
internal sealed class PlainCapture(string identifier, IReadOnlyList<Statement> statements) : Statement
{
    public override async ValueTask<Completion> WriteToAsync(TextWriter writer, TextEncoder encoder, TemplateContext context)
    {
        using var captured = new LimitedWriter(RenderBudget.Of(context), RenderBudget.MaxText);
        Completion completion = await statements.RenderStatementsAsync(captured, NullEncoder.Default, context);
        context.SetValue(identifier, new StringValue(captured.ToString()));
        return completion;
    }
}
