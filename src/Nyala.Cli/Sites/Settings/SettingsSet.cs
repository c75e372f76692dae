using System.CommandLine;
using System.Text;
using Nyala.Cli.Connection;
using Nyala.Server.Sites;

namespace Nyala.Cli.Sites.Settings;

/// <summary><c>nyala sites settings set</c>: sets all settings that are given, or none.</summary>
internal static class SettingsSet
{
    public static Command Create(CommandEnvironment environment)
    {
        var command = new Command("set", "Set settings of a site. They apply from its next deployment.");
        SiteArgument site = SiteArgument.AddTo(command);
        var settings = new Argument<string[]>("name=value")
        {
            Description = "The settings. Use --file for secrets: other users of this machine can see command lines.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var file = new Option<string?>("--file")
        {
            Description = "A file with one NAME=VALUE per line. Values are taken literally. Empty lines and lines that start with # are ignored. - reads standard input.",
            HelpName = "file",
        };
        command.Add(settings);
        command.Add(file);
        ConnectionOptions connection = ConnectionOptions.AddTo(command, withSite: false);
        command.SetVerbAction(environment, (parsed, cancellationToken) =>
        {
            Dictionary<string, string> given = SettingArguments.Read([.. Lines(parsed.GetValue(file), environment), .. parsed.GetValue(settings) ?? []]);
            if (given.Count == 0)
            {
                throw CommandFailure.Usage("nothing to set. Specify NAME=VALUE, or use --file.");
            }

            return connection.CallAsync(
                parsed,
                environment,
                async client =>
                {
                    await client.ForSite(await site.FindAsync(parsed, client, cancellationToken)).SetSettingsAsync(given, cancellationToken);
                    environment.Error.WriteLine($"nyala: set {string.Join(", ", given.Keys)}.");
                    foreach (KuduSetting ignored in given.Select(setting => KuduSettings.FindIgnored(setting.Key, setting.Value)).OfType<KuduSetting>())
                    {
                        environment.Error.WriteLine($"nyala: {ignored.Warning}");
                    }

                    return ExitCode.Done;
                },
                cancellationToken);
        });
        return command;
    }

    private static IEnumerable<string> Lines(string? file, CommandEnvironment environment)
    {
        if (file is null)
        {
            yield break;
        }

        using Stream stream = file == "-"
            ? environment.OpenInput() ?? throw CommandFailure.Usage("--file - reads standard input: pipe the settings in.")
            : InputFile.Open(file);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            if (line.AsSpan().TrimStart() is { Length: > 0 } text && text[0] != '#')
            {
                yield return line;
            }
        }
    }
}
