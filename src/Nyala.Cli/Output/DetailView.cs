using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using Nyala.Cli.Connection;
using Nyala.Client;

namespace Nyala.Cli.Output;

/// <summary>The output of verbs that return one object: JSON, or text for people.</summary>
/// <param name="Json">The JSON form.</param>
/// <param name="Print">Prints it for people.</param>
internal sealed record DetailView<T>(JsonTypeInfo<T> Json, Action<CommandEnvironment, T> Print)
{
    /// <summary>Adds the connection options and <c>--json</c> to a command, and makes it print what <paramref name="call"/> returns.</summary>
    public Command AddTo(Command command, CommandEnvironment environment, Func<ParseResult, NyalaClient, CancellationToken, Task<T>> call, bool withSite = true)
    {
        ConnectionOptions connection = ConnectionOptions.AddTo(command, withSite);
        JsonOption json = JsonOption.AddTo(command);
        command.SetVerbAction(environment, (parsed, cancellationToken) => connection.CallAsync(
            parsed, environment, async client => Done(parsed, environment, json, await call(parsed, client, cancellationToken)), cancellationToken));
        return command;
    }

    public int Done(ParseResult parsed, CommandEnvironment environment, JsonOption json, T value)
    {
        if (!json.TryPrint(parsed, environment, value, Json))
        {
            Print(environment, value);
        }

        return ExitCode.Done;
    }
}
