using Nyala.Server.Outbound.Templates;

namespace Nyala.Server.Outbound.Formats;

/// <summary>A request that the hook writes itself, with a template in the language Liquid. The receiver is judged as one of Kudu's.</summary>
internal sealed class TemplateFormat : IFormat
{
    public FormatFacts Facts { get; } = new("template", "any receiver, with your own template") { Limits = "256 KiB" };

    public Rendered Render(EventContent @event, FormatSettings settings)
    {
        Prepared prepared = settings.Prepared(Prepare);
        return prepared.Request is { } request ? request.Render(@event) : Rendered.Refused($"The template of the hook cannot be used: {prepared.Error}");
    }

    public Judgement Judge(Answer answer) => FormatCatalog.Kudu.Judge(answer);

    private static Prepared Prepare(FormatSettings settings) => new(TemplateRequest.Read(settings, out string error), error);

    private sealed record Prepared(TemplateRequest? Request, string Error);
}
