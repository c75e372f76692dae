using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Output;
using Nyala.Client;

namespace Nyala.Cli.Hooks;

/// <summary><c>nyala hooks set</c>: changes the settings of a hook. Settings that are not given stay as they are.</summary>
internal static class HooksSet
{
    private static readonly (string Option, string Field, string What)[] Resets =
    [
        ("--no-format", "format", "format, and use the one that fits the URL"), ("--no-log-lines", "log_lines", "number of log lines, and use the default"),
        ("--no-settings", "format_settings", "settings of the format"), ("--no-filter", "filter", "filter"), ("--no-rate", "rate", "rate limit"), ("--no-headers", "headers", "headers"), ("--no-description", "description", "description"),
        ("--no-ca", "ca", "certificate authorities"), ("--no-client-certificate", "client_certificate", "client certificate"),
    ];

    public static Command Create(CommandEnvironment environment)
    {
        var id = new Argument<string>("id") { Description = HookLookup.Description };
        var command = new Command("set", "Change a hook's settings. Its URL and event cannot change: add another hook instead.") { id };
        HookSettingOptions settings = HookSettingOptions.AddTo(command);
        (Option<bool> Option, string Field)[] resets =
            [.. Resets.Select(reset => (new Option<bool>(reset.Option) { Description = $"Remove the {reset.What}." }, reset.Field))];
        foreach ((Option<bool> option, _) in resets)
        {
            command.Add(option);
        }

        ConnectionOptions connection = ConnectionOptions.AddTo(command);
        JsonOption json = JsonOption.AddTo(command);
        command.SetVerbAction(environment, (parsed, cancellationToken) =>
        {
            string[] reset = [.. resets.Where(one => parsed.GetValue(one.Option)).Select(one => one.Field)];
            HookChange change = settings.Apply(parsed, environment, new HookChange { Reset = reset });
            if (resets.FirstOrDefault(one => parsed.GetValue(one.Option) && IsGiven(change, one.Field)).Option is { } both)
            {
                throw CommandFailure.Usage($"{both.Name} removes what another option sets. Use only one of them.");
            }

            if (reset.Length == 0 && change == new HookChange { Reset = reset })
            {
                throw CommandFailure.Usage("nothing to change. See \"nyala hooks set --help\" for the settings.");
            }

            return connection.CallAsync(
                parsed,
                environment,
                async client =>
                {
                    string which = await HookLookup.IdAsync(client, parsed.GetRequiredValue(id), cancellationToken);
                    return HookView.Detail.Done(parsed, environment, json, await client.ChangeHookAsync(which, change, cancellationToken));
                },
                cancellationToken);
        });
        return command;
    }

    private static bool IsGiven(HookChange change, string field) => field switch
    {
        "format" => change.Format is not null,
        "format_settings" => change.FormatSettings is not null,
        "log_lines" => change.LogLines is not null,
        "filter" => change.Filter is not null,
        "rate" => change.Rate is not null,
        "headers" => change.Headers is not null,
        "description" => change.Description is not null,
        "ca" => change.Ca is not null,
        _ => change.ClientCertificate is not null,
    };
}
