using System.Text.Json.Nodes;
using Nyala.Server.Outbound.Messages;

namespace Nyala.Server.Outbound.Formats;

/// <summary>
/// Messages for Microsoft Teams, as an Adaptive Card for a workflow "When a Teams webhook request is received". Text from events is in text runs, which Teams does
/// not parse. Source: learn.microsoft.com, "Create incoming webhooks with Workflows" and adaptivecards.io.
/// </summary>
internal sealed class TeamsFormat : IFormat
{
    private const int MaxWhy = 1500;
    private const int MaxLogLines = 20;

    public FormatFacts Facts { get; } = new("teams", "Microsoft Teams")
    {
        LogLines = FormatFacts.MessageLogLines,
        Rate = 60,
        Limits = "28 KB, log 1,500 characters and 20 lines",
        Accepts = "2xx, unless the body says that the delivery failed",
        Refuses = ServiceRule.Refusals + ", except WorkflowTriggerIsNotEnabled",
        Recognizes = url => url.Host.EndsWith(".webhook.office.com", StringComparison.Ordinal) && url.AbsolutePath.StartsWith("/webhookb2/", StringComparison.Ordinal),
    };

    public Rendered Render(EventContent @event, FormatSettings settings)
    {
        Message message = MessageReader.Read(@event);
        var body = new JsonArray { Runs(Run($"{message.Symbol} {message.Title}", size: "Large", weight: "Bolder", color: Color(message.Tone))) };
        if (message.Subject.Length > 0)
        {
            body.Add(Runs(Run(message.Subject, weight: "Bolder")));
        }

        foreach (MessageFact fact in message.Facts)
        {
            JsonObject line = Runs(Run(fact.Label + ": ", weight: "Bolder"), Run(fact.Value));
            line["spacing"] = "None";
            body.Add(line);
        }

        if (message.Why(MaxWhy, MaxLogLines) is { Length: > 0 } why)
        {
            // A line end inside a run is not shown, so each line has its own block.
            JsonObject[] lines = [.. why.Split('\n').Select(line => Code(MessageText.WithSpaces(line)))];
            body.Add(new JsonObject { ["type"] = "Container", ["style"] = "emphasis", ["items"] = new JsonArray(lines) });
        }

        var card = new JsonObject { ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json", ["type"] = "AdaptiveCard", ["version"] = "1.4", ["body"] = body };
        if (message.Url is { } url)
        {
            card["actions"] = new JsonArray(new JsonObject { ["type"] = "Action.OpenUrl", ["title"] = "Open the deployment", ["url"] = url });
        }

        card["msteams"] = new JsonObject { ["width"] = "Full" };
        return Rendered.Of(new JsonObject
        {
            ["type"] = "message",
            ["attachments"] = new JsonArray(new JsonObject { ["contentType"] = "application/vnd.microsoft.card.adaptive", ["content"] = card }),
        });
    }

    public Judgement Judge(Answer answer)
    {
        string said = ServiceRule.Said(answer);
        if (answer.Status == 400 && said.Contains("WorkflowTriggerIsNotEnabled", StringComparison.Ordinal))
        {
            return Judgement.TryAgain("The workflow is turned off (WorkflowTriggerIsNotEnabled). Turn it on in Teams.");
        }

        // The older connectors respond with 200 and this text, for example if Teams throttles them.
        bool failed = answer.Status is >= 200 and <= 299 && said.Contains("delivery failed", StringComparison.OrdinalIgnoreCase);
        return ServiceRule.Judge(Facts.Service, answer, failed ? said : null, []);
    }

    private static JsonObject Runs(params JsonNode[] runs) => new() { ["type"] = "RichTextBlock", ["inlines"] = new JsonArray(runs) };

    private static JsonObject Code(string line)
    {
        JsonObject run = Run(line);
        run["fontType"] = "Monospace";
        JsonObject block = Runs(run);
        block["spacing"] = "None";
        return block;
    }

    private static JsonObject Run(string text, string? size = null, string? weight = null, string? color = null)
    {
        var run = new JsonObject { ["type"] = "TextRun", ["text"] = text };
        foreach ((string name, string? value) in ((string, string?)[])[("size", size), ("weight", weight), ("color", color)])
        {
            if (value is not null)
            {
                run[name] = value;
            }
        }

        return run;
    }

    private static string Color(MessageTone tone) => tone switch
    {
        MessageTone.Good => "Good",
        MessageTone.Bad => "Attention",
        MessageTone.Progress => "Accent",
        _ => "Default",
    };
}
