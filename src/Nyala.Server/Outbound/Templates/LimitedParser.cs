using System.Globalization;
using Fluid;
using Fluid.Ast;
using Fluid.Parser;
using Parlot;
using Parlot.Fluent;

namespace Nyala.Server.Outbound.Templates;

/// <summary>Fluid's parser without the tags that read files or that cannot be metered, and with a limit for nesting, so that no template exhausts the stack.</summary>
internal sealed class LimitedParser : FluidParser
{
    /// <summary>How deep tags and values may be nested.</summary>
    public const int MaxDepth = 64;

    /// <summary>The tags that a template may use.</summary>
    public static readonly IReadOnlyList<string> Tags = ["assign", "break", "capture", "case", "comment", "continue", "echo", "for", "if", "raw", "unless"];

    public LimitedParser()
    {
        foreach (string tag in RegisteredTags.Keys.Where(tag => tag != "#" && !Tags.Contains(tag)).ToArray())
        {
            RegisteredTags.Remove(tag);
        }

        foreach ((string sign, Func<Expression, Expression, Expression> make) in RegisteredOperators.ToArray())
        {
            RegisteredOperators[sign] = (left, right) => new MeteredOperator(sign, left, right, make);
        }

        Primary.Parser = new Limit<Expression>(Primary.Parser!);
        AnyTagsList.Parser = new Limit<IReadOnlyList<Statement>>(AnyTagsList.Parser!);
    }

    private sealed class Limit<T>(Parser<T> inner) : Parser<T>
    {
        public override bool Parse(ParseContext context, ref ParseResult<T> result)
        {
            var parse = (LimitedParseContext)context;
            if (parse.Depth >= MaxDepth)
            {
                TextPosition at = context.Scanner.Cursor.Position;
                throw new TemplateSyntaxException(new TemplateError(at.Line, at.Column, string.Create(CultureInfo.InvariantCulture, $"Tags and values can be nested {MaxDepth} deep at most.")));
            }

            parse.Depth++;
            try
            {
                return inner.Parse(context, ref result);
            }
            finally
            {
                parse.Depth--;
            }
        }
    }
}

/// <summary>The state of one parse.</summary>
internal sealed class LimitedParseContext(string text) : FluidParseContext(text)
{
    public int Depth { get; set; }
}

/// <summary>Ends a parse. Fluid's parser offers no other way to stop.</summary>
internal sealed class TemplateSyntaxException(TemplateError error) : Exception(error.Text)
{
    public TemplateError Error => error;
}
