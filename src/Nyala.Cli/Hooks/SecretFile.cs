using System.CommandLine;
using System.Text;
using Nyala.Client;

namespace Nyala.Cli.Hooks;

/// <summary><c>--secret-file</c>: the user's own signing secret, read from a file because other users can see command lines.</summary>
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

    /// <summary>Returns the secret; null if the option was not given.</summary>
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

        // Checked here, so that a secret that the server would refuse is not sent to it.
        return WebhookSecret.TryDecode(secret, out _)
            ? secret!
            : throw new CommandFailure("the secret must be whsec_ followed by 24 to 64 bytes in base64, alone on the first line.");
    }
}
