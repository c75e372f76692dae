using System.Text;

namespace Nyala.Cli.Output;

/// <summary>
/// The writer for everything that a verb prints. It removes escape sequences and control characters, so that no text controls the terminal. Views also clean
/// text from a server; this writer catches what they miss.
/// </summary>
internal sealed class SafeWriter : TextWriter
{
    private SafeWriter(TextWriter inner) => Inner = inner;

    /// <summary>The wrapped writer, for progress bars and tables, which control the terminal themselves.</summary>
    public TextWriter Inner { get; }

    public override Encoding Encoding => Inner.Encoding;

    /// <summary>Wraps a writer, unless it is already wrapped.</summary>
    public static TextWriter Wrap(TextWriter writer) => writer as SafeWriter ?? new SafeWriter(writer);

    /// <summary>Returns the wrapped writer, or the writer itself if it is not wrapped.</summary>
    public static TextWriter Unwrap(TextWriter writer) => writer is SafeWriter safe ? safe.Inner : writer;

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
