using Spectre.Console;

namespace Nyala.Cli.Output;

/// <summary>
/// Prints tables for people. On a terminal, a table fits the width of the terminal. Elsewhere, each row is one line of any length without escape sequences, so
/// that other tools can extract IDs and URLs.
/// </summary>
internal static class Tables
{
    private const int Unbounded = 1_000_000;

    public static void Print(CommandEnvironment environment, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string?>> rows)
    {
        Table table = new Table().NoBorder();
        foreach (string column in columns)
        {
            table.AddColumn(new TableColumn(new Spectre.Console.Text(column, new Style(decoration: Decoration.Bold))).PadLeft(0).PadRight(2));
        }

        foreach (IReadOnlyList<string?> row in rows)
        {
            table.AddRow(row.Select(Cell));
        }

        Write(environment, table);
    }

    /// <summary>Prints names and values, one pair per line. A value that is null or empty is left out.</summary>
    public static void PrintFields(CommandEnvironment environment, IEnumerable<(string Name, string? Value)> fields)
    {
        Table table = new Table().NoBorder().HideHeaders();
        table.AddColumn(new TableColumn("").PadLeft(0).PadRight(2).NoWrap());
        table.AddColumn(new TableColumn("").PadLeft(0).PadRight(0));
        foreach ((string name, string? value) in fields)
        {
            if (!string.IsNullOrEmpty(value))
            {
                table.AddRow(new Spectre.Console.Text(name, new Style(decoration: Decoration.Bold)), Cell(value));
            }
        }

        Write(environment, table);
    }

    private static Spectre.Console.Text Cell(string? value) => new(TerminalText.OneLine(value));

    private static void Write(CommandEnvironment environment, Table table)
    {
        if (environment.OutIsTerminal)
        {
            AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(SafeWriter.Unwrap(environment.Out)) }).Write(table);
            return;
        }

        using var text = new StringWriter();
        IAnsiConsole plain = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(text),
        });
        plain.Profile.Width = Unbounded;
        plain.Write(table);
        foreach (string line in text.ToString().TrimEnd().Split('\n'))
        {
            environment.Out.WriteLine(line.TrimEnd());
        }
    }
}
