using System.CommandLine;
using System.CommandLine.Parsing;
using Nyala.Client.Json;

namespace Nyala.Cli.Output;

/// <summary>An option whose value is a time, or a duration before now.</summary>
internal static class TimeOption
{
    public static Option<DateTimeOffset?> AddTo(Command command, CommandEnvironment environment, string name, string description, string? defaultValue = null)
    {
        var option = new Option<DateTimeOffset?>(name)
        {
            Description = description + ": a duration before now, such as 90m, 2h or 7d, or an ISO 8601 time." + (defaultValue is null ? "" : $" Default: {defaultValue}."),
            HelpName = "time",
            CustomParser = result => Parse(result, name, environment.Clock.GetUtcNow()),
        };
        command.Add(option);
        return option;
    }

    private static DateTimeOffset? Parse(ArgumentResult result, string name, DateTimeOffset now)
    {
        string text = result.Tokens[0].Value;
        if (!text.Contains(':', StringComparison.Ordinal) && Server.Http.Duration.TryParse(text, out TimeSpan ago) && ago <= now - DateTimeOffset.MinValue)
        {
            return now - ago;
        }

        if (KuduTime.TryParse(text, out DateTimeOffset time))
        {
            return time;
        }

        result.AddError($"{name} must be a duration before now, such as 2h or 7d, or an ISO 8601 time.");
        return null;
    }
}
