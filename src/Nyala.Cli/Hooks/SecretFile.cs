using System.CommandLine;
using System.Text;
using Nyala.Client;

namespace Nyala.Cli.Hooks;

/// <summary><c>--secret-file</c>: a signing secret of one's own, which has no place on a command line.</summary>
internal sealed class SecretFile
{
    private readonly Option<string?> _option = new("--secret-file")
    {
        Description = "A file whose first line is the secret to use (whsec_ followed by 24 to 64 bytes in base64). - reads standard input. Default: the server generates a secret.",
        HelpName = "file",
    };

    public static SecretFile AddTo(Command command)
    {
        var file = new SecretFile();
        command.Add(file._option);
        return file;
    }

    /// <summary>The secret; null if none is given.</summary>
    public string? Read(ParseResult parsed, CommandEnvironment environment)
    {
        if (parsed.GetValue(_option) is not { } file)
        {
            return null;
        }

        using Stream stream = file == "-"
            ? environment.OpenInput() ?? throw CommandFailure.Usage("--secret-file - reads standard input: pipe the secret in.")
            : InputFile.Open(file);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        string? secret = reader.ReadLine()?.Trim();

        // Checked here, so that the secret's text is not sent about for the server to refuse.
        return WebhookSecret.TryDecode(secret, out _)
            ? secret!
            : throw new CommandFailure("the secret must be whsec_ followed by 24 to 64 bytes in base64, alone on the first line.");
    }
}
