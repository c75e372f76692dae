using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Client;

namespace Nyala.Cli.Sites.Settings;

/// <summary><c>nyala sites settings unset</c>. To take away what is not there is done, not refused: so it is on the wire.</summary>
internal static class SettingsUnset
{
    public static Command Create(Surroundings surroundings)
    {
        var command = new Command("unset", "Takes settings of a site away, from its next deployment on.");
        SiteArgument site = SiteArgument.AddTo(command);
        var names = new Argument<string[]>("name") { Description = "The settings' names, in whatever case.", Arity = ArgumentArity.OneOrMore };
        command.Add(names);
        ConnectionOptions connection = ConnectionOptions.AddTo(command, withSite: false);
        command.SetVerb(surroundings, (parsed, cancellationToken) =>
        {
            string[] unset = [.. parsed.GetRequiredValue(names).Select(SettingArguments.ReadName)];
            return connection.CallAsync(
                parsed,
                surroundings,
                async client =>
                {
                    NyalaClient here = client.ForSite(site.Read(parsed));
                    foreach (string name in unset)
                    {
                        await here.RemoveSettingAsync(name, cancellationToken);
                    }

                    surroundings.Error.WriteLine($"nyala: unset {string.Join(", ", unset)}.");
                    return ExitCode.Done;
                },
                cancellationToken);
        });
        return command;
    }
}
