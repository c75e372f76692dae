using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Output;
using Nyala.Server;
using Nyala.Server.Hosting;

namespace Nyala.Cli.Serve;

/// <summary><c>nyala serve</c>: hosts the server until a signal stops it.</summary>
internal static class ServeCommand
{
    private const int MaxErrorLength = 1000;

    public static Command Create(CommandEnvironment environment)
    {
        Option<string?> urls = new("--urls")
        {
            Description = "The URLs to listen on. Port 0 selects a free port. Default: http://127.0.0.1:8484",
            HelpName = "url;url",
        };
        Option<string?> data = new("--data")
        {
            Description = "The folder for all of the server's data. Default: ./nyala-data",
            HelpName = "folder",
        };
        Option<string?> config = new("--config")
        {
            Description = $"The configuration file. Default: {ServeConfiguration.DefaultFile}, if it exists. Flags override {ServeConfiguration.Prefix}… environment variables, which override the file.",
            HelpName = "file",
        };
        var command = new Command("serve", "Run the server.") { urls, data, config };
        command.SetAction((parsed, cancellationToken) =>
            ServeAsync(parsed.GetValue(config), parsed.GetValue(urls), parsed.GetValue(data), environment, cancellationToken));
        return command;
    }

    private static async Task<int> ServeAsync(string? config, string? urls, string? data, CommandEnvironment environment, CancellationToken cancellationToken)
    {
        var options = new NyalaOptions();
        IReadOnlyList<string> errors = ServeConfiguration.Read(config, urls, data, ServeConfiguration.Variables(), options);
        string? token = environment.Variable(ServeConfiguration.AdminTokenVariable);
        if (token is { Length: < ServeConfiguration.MinTokenLength })
        {
            errors = [.. errors, $"{ServeConfiguration.AdminTokenVariable} has {token.Length} characters. It must have at least {ServeConfiguration.MinTokenLength}."];
        }

        if (token is not null && (token.Trim() != token || token.Any(char.IsControl)))
        {
            errors = [.. errors, $"{ServeConfiguration.AdminTokenVariable} starts or ends with a space, or contains a control character. Such a token cannot be sent in a request."];
        }

        if (errors.Count > 0)
        {
            await environment.Error.WriteLineAsync("nyala: the configuration is not valid:\n  " + string.Join("\n  ", errors.Select(Shorten)));
            return ExitCode.Failed;
        }

        try
        {
            using var signals = new StopSignals();
            await using NyalaServer server = await NyalaServer.StartAsync(options, token);
            if (TrySaveAddress(environment.StateFolder, server) is { } problem)
            {
                await environment.Error.WriteLineAsync(TerminalText.OneLine("nyala: " + problem));
            }

            await environment.Out.WriteAsync(StartupMessage.Of(server));
            await environment.Out.FlushAsync(cancellationToken);
            await server.WaitForShutdownAsync(signals.StopRequested);
            LocalServer.Delete(environment.StateFolder, server.Address);
            return ExitCode.Done;
        }
        catch (ServerStartException refused)
        {
            await environment.Error.WriteLineAsync(TerminalText.OneLine("nyala: " + refused.Message));
            return ExitCode.Failed;
        }
#pragma warning disable CA1031 // The last handler: the user gets one line, never a stack trace.
        catch (Exception error)
        {
            await environment.Error.WriteLineAsync(TerminalText.OneLine($"nyala: the server failed: {error.GetType().Name}: {error.Message}"));
            return ExitCode.Failed;
        }
#pragma warning restore CA1031
    }

    /// <summary>Writes the server's address to the state folder. Returns the reason if that fails; the server runs in any case.</summary>
    private static string? TrySaveAddress(string stateFolder, NyalaServer server)
    {
        try
        {
            LocalServer.Save(stateFolder, server.Address, server.DataFolder);
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"{stateFolder} is not writable ({error.Message.TrimEnd('.')}), so other commands on this machine cannot find this server automatically. "
                + "Set XDG_STATE_HOME to a writable folder, or use --server and --token.";
        }
    }

    /// <summary>Returns an error as one line of limited length, because the value in it can be anything.</summary>
    private static string Shorten(string error)
    {
        string line = TerminalText.OneLine(error);
        return line.Length <= MaxErrorLength ? line : line[..MaxErrorLength] + " …";
    }
}
