using Fluid.Ast;

namespace Nyala.Server.Outbound.Templates;

/// <summary>
/// Rewrites a parsed template so that everything it does is taken from the budget, and collects what it uses that is not supported.
/// </summary>
internal sealed class TemplateMeter : AstRewriter
{
    private int _depth;
    private int _nodes;

    /// <summary>The names of filters that do not exist, or are not supported.</summary>
    public List<string> UnknownFilters { get; } = [];

    /// <summary>Whether a loop continues where an earlier one stopped, which is not supported.</summary>
    public bool ContinuesLoop { get; private set; }

    /// <summary>Whether a chain is too long to be read safely.</summary>
    public bool IsTooLong { get; private set; }

    public override Statement Visit(Statement statement)
    {
        _nodes++;
        return statement is null || !Enter() ? statement! : Leave(base.Visit(statement));
    }

    public override Expression Visit(Expression expression)
    {
        _nodes++;
        return expression is null || !Enter() ? expression! : Leave(base.Visit(expression));
    }

    public override Expression VisitOtherExpression(Expression expression) => expression is MeteredOperator compared ? compared.Rewrite(Visit) : expression;

    protected override Statement VisitOutputStatement(OutputStatement outputStatement) => new EscapedOutput(Visit(outputStatement.Expression));

    protected override Statement VisitCaptureStatement(CaptureStatement captureStatement) =>
        new PlainCapture(captureStatement.Identifier, [.. captureStatement.Statements.Select(Visit)]);

    protected override Expression VisitRangeExpression(RangeExpression rangeExpression) => new MeteredRange(Visit(rangeExpression.From), Visit(rangeExpression.To));

    protected override Expression VisitMemberExpression(MemberExpression memberExpression) =>
        new MeteredExpression(new MemberExpression([.. memberExpression.Segments.Select(segment =>
            segment is IndexerSegment indexer ? new IndexerSegment(Visit(indexer.Expression)) : segment)]));

    protected override Expression VisitFilterExpression(FilterExpression filterExpression)
    {
        if (!TemplateFilters.Names.Contains(filterExpression.Name))
        {
            UnknownFilters.Add(filterExpression.Name);
        }

        return base.VisitFilterExpression(filterExpression);
    }

    protected override Statement VisitForStatement(ForStatement forStatement)
    {
        ContinuesLoop |= forStatement.OffsetIsContinue;
        int before = _nodes;
        var statements = forStatement.Statements.Select(Visit).ToList();
        statements.Insert(0, new StepStatement(1 + _nodes - before));
        return new ForStatement(
            statements, forStatement.Identifier, Visit(forStatement.Source), Visit(forStatement.Limit), Visit(forStatement.Offset), forStatement.Reversed, (ElseStatement)Visit(forStatement.Else));
    }

    /// <summary>Chains of filters and of <c>and</c> and <c>or</c> are parsed without recursion, but read with it.</summary>
    private bool Enter()
    {
        if (_depth < LimitedParser.MaxDepth * 2)
        {
            _depth++;
            return true;
        }

        IsTooLong = true;
        return false;
    }

    private T Leave<T>(T node)
    {
        _depth--;
        return node;
    }
}
