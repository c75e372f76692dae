using System.Text;

namespace Nyala.Server.Deploying.Commands;

/// <summary>What the beginning of a file says about how to run it.</summary>
/// <param name="Interpreter">The words after <c>#!</c> in the first line; empty if there are none.</param>
/// <param name="HasWindowsLines">Whether the first line ends with CRLF, as on Windows.</param>
/// <param name="HasMark">Whether the file begins with a byte order mark, which editors and shells of Windows write.</param>
/// <param name="UsesKuduSync">Whether the file uses <c>KUDU_SYNC_CMD</c>, Kudu's program that copies files.</param>
internal sealed record ScriptHead(IReadOnlyList<string> Interpreter, bool HasWindowsLines, bool HasMark, bool UsesKuduSync)
{
    private const int Size = 64 * 1024;

    public static ScriptHead Read(string file)
    {
        byte[] bytes = new byte[Size];
        using FileStream stream = File.OpenRead(file);
        return Of(bytes.AsSpan(0, stream.ReadAtLeast(bytes, Size, throwOnEndOfStream: false)));
    }

    private static bool IsName(string word) => !word.StartsWith('-') && !word.Contains('=', StringComparison.Ordinal);

    internal static ScriptHead Of(ReadOnlySpan<byte> bytes)
    {
        bool marked = bytes.StartsWith("\uFEFF"u8) || bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]);
        int end = bytes.IndexOf((byte)'\n');
        ReadOnlySpan<byte> line = end < 0 ? bytes : bytes[..end];
        string[] interpreter = line.StartsWith("#!"u8)
            ? Encoding.UTF8.GetString(line[2..]).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : [];
        return new ScriptHead(interpreter, end > 0 && bytes[end - 1] == '\r', marked, bytes.IndexOf("KUDU_SYNC_CMD"u8) >= 0);
    }

    /// <summary>The program that must be installed to run the file; null if the file does not name one.</summary>
    public string? Program => Interpreter.Count == 0 ? null
        : Path.GetFileName(Interpreter[0]) == "env" ? Interpreter.Skip(1).FirstOrDefault(IsName) ?? Interpreter[0]
        : Interpreter[0];
}
