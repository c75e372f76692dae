using System.Text;

namespace Nyala.Cli.Output;

/// <summary>
/// The console's edge: whatever a verb prints passes here, and nothing that steers a terminal gets through. Texts from a server are also cleaned when they are laid out; this
/// is for what was forgotten there.
/// </summary>
internal sealed class SafeWriter : TextWriter
{
    private SafeWriter(TextWriter inner) => Inner = inner;

    /// <summary>The writer behind, for progress bars and tables that draw on a terminal themselves.</summary>
    public TextWriter Inner { get; }

    public override Encoding Encoding => Inner.Encoding;

    /// <summary>Puts the edge before a writer, once.</summary>
    public static TextWriter Over(TextWriter writer) => writer as SafeWriter ?? new SafeWriter(writer);

    /// <summary>The writer behind the edge.</summary>
    public static TextWriter Behind(TextWriter writer) => writer is SafeWriter safe ? safe.Inner : writer;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    public override void Write(string? value)
    {
        if (value is not null)
        {
            Inner.Write(TerminalText.Lines(value));
        }
    }

    public override void WriteLine() => Inner.WriteLine();

    public override void WriteLine(string? value) => Inner.WriteLine(TerminalText.Lines(value ?? ""));

    public override void Flush() => Inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => Inner.FlushAsync(cancellationToken);
}
