using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using Nyala.Cli.Connection;
using Nyala.Client;

namespace Nyala.Cli.Output;

/// <summary>The output of list verbs: JSON, a table, or a notice that the list is empty.</summary>
/// <param name="Json">The JSON form of the whole list.</param>
/// <param name="Columns">The headings of the table.</param>
/// <param name="Row">The cells of one entry.</param>
/// <param name="Empty">The notice for an empty list.</param>
internal sealed record ListView<TList, T>(JsonTypeInfo<TList> Json, IReadOnlyList<string> Columns, Func<T, IReadOnlyList<string?>> Row, string Empty)
    where TList : IReadOnlyCollection<T>
{
    /// <summary>Adds the connection options and <c>--json</c> to a command, and makes it list what <paramref name="query"/> returns.</summary>
    public Command AddTo(Command command, CommandEnvironment environment, Func<ParseResult, NyalaClient, CancellationToken, Task<TList>> query, bool withSite = true)
    {
        ConnectionOptions connection = ConnectionOptions.AddTo(command, withSite);
        JsonOption json = JsonOption.AddTo(command);
        command.SetVerbAction(environment, (parsed, cancellationToken) => connection.CallAsync(
            parsed,
            environment,
            async client =>
            {
                TList list = await query(parsed, client, cancellationToken);
                if (list.Count == 0)
                {
                    // A mistyped site name must not look like an empty list.
                    await connection.RequireSiteAsync(parsed, environment, client, cancellationToken);
                }

                Print(parsed, environment, json, list);
                return ExitCode.Done;
            },
            cancellationToken));
        return command;
    }

    public void Print(ParseResult parsed, CommandEnvironment environment, JsonOption json, TList list)
    {
        if (json.TryPrint(parsed, environment, list, Json))
        {
            return;
        }

        if (list.Count == 0)
        {
            environment.Error.WriteLine($"nyala: {Empty}");
            return;
        }

        Tables.Print(environment, Columns, list.Select(Row));
    }
}
