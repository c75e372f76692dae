using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using Fluid;
using Fluid.Ast;
using Fluid.Parser;
using Fluid.Values;
using Parlot;

namespace Nyala.Server.Outbound.Templates;

/// <summary>Why a template cannot be used, and where.</summary>
/// <param name="Line">The line, from 1; 0 if it is about the whole template.</param>
/// <param name="Column">The column, from 1.</param>
/// <param name="Text">Why, in a sentence.</param>
internal sealed record TemplateError(int Line, int Column, string Text)
{
    /// <summary>Returns an error at a place in the template.</summary>
    public static TemplateError At(string template, int offset, string text)
    {
        int lineStart = offset == 0 ? 0 : template.LastIndexOf('\n', offset - 1) + 1;
        return new TemplateError(1 + template.AsSpan(0, offset).Count('\n'), 1 + offset - lineStart, text);
    }

    /// <summary>Returns the error with its place in a part of the request.</summary>
    public string In(string part) => Line == 0 ? $"{part}: {Text}" : string.Create(CultureInfo.InvariantCulture, $"{part}, line {Line}, column {Column}: {Text}");
}

/// <summary>The result of a rendering.</summary>
/// <param name="Text">The text; null if there is none.</param>
/// <param name="Stopped">Why there is no text, as the end of a sentence about the template; null if there is one.</param>
internal readonly record struct RenderedText(string? Text, string? Stopped);

/// <summary>A parsed template in the language Liquid. It does not change, and many attempts use it at the same time.</summary>
internal sealed partial class LiquidTemplate
{
    private static readonly LimitedParser Parser = new();
    private static readonly TemplateOptions ForJson = TemplateFilters.Options(jsonIsEscaped: false);
    private static readonly TemplateOptions ForOthers = TemplateFilters.Options(jsonIsEscaped: true);

    private readonly IFluidTemplate _template;
    private readonly string _escape;

    private LiquidTemplate(IFluidTemplate template, string escape) => (_template, _escape) = (template, escape);

    /// <summary>Parses a template. Returns null, and the error, if it is not valid.</summary>
    /// <param name="text">The template.</param>
    /// <param name="escape">How values are escaped, one of <see cref="Escaping.Names"/>.</param>
    /// <param name="error">Why the template is not valid, and where.</param>
    public static LiquidTemplate? Parse(string text, string escape, out TemplateError? error)
    {
        error = Read(text, out FluidTemplate? parsed);
        if (parsed is null)
        {
            return null;
        }

        var meter = new TemplateMeter();
        IFluidTemplate metered = meter.VisitTemplate(parsed);
        error = meter.UnknownFilters is [var unknown, ..] ? UnknownFilter(text, unknown)
            : meter.ContinuesLoop ? TemplateError.At(text, ContinuedLoop().Match(text).Index, "'offset: continue' is not supported.")
            : meter.IsTooLong ? new TemplateError(0, 0, "A chain of filters, or of 'and' and 'or', is too long.")
            : null;
        return error is null ? new LiquidTemplate(metered, escape) : null;
    }

    /// <summary>Renders the template. The result depends on nothing but the arguments.</summary>
    /// <param name="values">The values by name.</param>
    /// <param name="time">The time of the event.</param>
    /// <param name="limit">The characters of the result, at most.</param>
    public RenderedText Render(IReadOnlyDictionary<string, FluidValue> values, DateTimeOffset time, int limit)
    {
        TextEncoder encoder = Escaping.Encoder(_escape);
        var context = new RenderContext(_escape == Escaping.Json || encoder == NullEncoder.Default ? ForJson : ForOthers, time);
        foreach ((string name, FluidValue value) in values)
        {
            context.SetValue(name, value);
        }

        using var writer = new LimitedWriter(context.Budget, limit);
        try
        {
            // Nothing waits: all values are in memory.
            _template.RenderAsync(writer, encoder, context).AsTask().GetAwaiter().GetResult();
            return new RenderedText(writer.ToString(), null);
        }
        catch (TemplateStoppedException stopped)
        {
            return new RenderedText(null, stopped.Message);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Fluid's filters throw for values that they cannot use, such as a division by zero.
            return new RenderedText(null, $"a value cannot be used as it is: {error.Message.TrimEnd('.')}");
        }
    }

    private static TemplateError? Read(string text, out FluidTemplate? parsed)
    {
        parsed = null;
        var context = new LimitedParseContext(text);
        try
        {
            bool read = Parser.Grammar.TryParse(context, out IReadOnlyList<Statement>? statements, out ParseError? parseError);
            if (parseError is not null || !read || !context.Scanner.Cursor.Eof)
            {
                TextPosition at = parseError?.Position ?? context.Scanner.Cursor.Position;
                return UnknownTag(text, at) ?? new TemplateError(at.Line, at.Column, Words(parseError?.Message ?? "This cannot be read."));
            }

            parsed = new FluidTemplate(statements!);
            return null;
        }
        catch (TemplateSyntaxException stopped)
        {
            return stopped.Error;
        }
        catch (Fluid.ParseException error)
        {
            int at = Math.Min(context.Scanner.Cursor.Position.Offset, text.Length);
            Match unknown = UnknownTagMessage().Match(error.Message);
            return unknown.Success
                ? NoTag(text, Math.Max(0, text.LastIndexOf("{%", at, StringComparison.Ordinal)), unknown.Groups["name"].Value)
                : TemplateError.At(text, at, Words(error.Message));
        }
    }

    /// <summary>Inside a block, the parser reports an unknown tag as a missing end of the block.</summary>
    private static TemplateError? UnknownTag(string text, TextPosition at)
    {
        Match tag = TagStart().Match(text, Math.Min(at.Offset, text.Length));
        return tag.Success && !LimitedParser.Tags.Contains(tag.Groups["name"].Value) && !BlockParts().IsMatch(tag.Groups["name"].Value)
            ? NoTag(text, tag.Index, tag.Groups["name"].Value)
            : null;
    }

    private static TemplateError NoTag(string text, int offset, string name) => TemplateError.At(text, offset, BlockParts().IsMatch(name)
        ? $"The tag '{name}' does not belong to an open tag."
        : $"The tag '{name}' is not supported. The tags are {string.Join(", ", LimitedParser.Tags)}.");

    private static TemplateError UnknownFilter(string text, string name)
    {
        Match found = Regex.Match(text, $@"\|\s*(?<name>{Regex.Escape(name)})(?![\w-])");
        return TemplateError.At(text, found.Success ? found.Groups["name"].Index : 0, $"The filter '{name}' is not supported.");
    }

    private static string Words(string message) => message switch
    {
        _ when message.StartsWith("Parentheses", StringComparison.Ordinal) => "Parentheses are only supported in ranges such as (1..5).",
        _ when message.StartsWith("Functions", StringComparison.Ordinal) => "Functions are not supported.",
        _ when message.StartsWith("Not end tag", StringComparison.Ordinal) => "'{% endraw %}' was expected.",
        _ when InvalidTag().Match(message) is { Success: true } tag => $"The tag '{tag.Groups["name"].Value}' cannot be read.",
        _ => message.EndsWith('.') ? message : message + ".",
    };

    [GeneratedRegex(@"^Unknown tag '(?<name>[^']*)' at ")]
    private static partial Regex UnknownTagMessage();

    [GeneratedRegex(@"\G\{%-?\s*(?<name>[A-Za-z_]\w*)")]
    private static partial Regex TagStart();

    [GeneratedRegex("^Invalid '(?<name>[a-z]+)' tag$")]
    private static partial Regex InvalidTag();

    [GeneratedRegex(@"offset\s*:\s*continue\b")]
    private static partial Regex ContinuedLoop();

    [GeneratedRegex("^(end.*|else|elsif|when)$")]
    private static partial Regex BlockParts();
}
