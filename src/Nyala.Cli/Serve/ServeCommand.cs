using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Output;
using Nyala.Server;
using Nyala.Server.Hosting;

namespace Nyala.Cli.Serve;

/// <summary><c>nyala serve</c>: hosts the server until a signal stops it.</summary>
internal static class ServeCommand
{
    private const int LongestError = 1000;

    public static Command Create(Surroundings surroundings)
    {
        Option<string?> urls = new("--urls")
        {
            Description = "Where to listen; port 0 takes a free one. Default: http://127.0.0.1:8484",
            HelpName = "url;url",
        };
        Option<string?> data = new("--data")
        {
            Description = "The folder of everything that the server keeps. Default: ./nyala-data",
            HelpName = "folder",
        };
        Option<string?> config = new("--config")
        {
            Description = $"The configuration file. Default: {ServeConfiguration.DefaultFile}, where there is one. Flags win over {ServeConfiguration.Prefix}… variables, those over the file.",
            HelpName = "file",
        };
        var command = new Command("serve", "Runs the server.") { urls, data, config };
        command.SetAction((parsed, cancellationToken) =>
            ServeAsync(parsed.GetValue(config), parsed.GetValue(urls), parsed.GetValue(data), surroundings, cancellationToken));
        return command;
    }

    private static async Task<int> ServeAsync(string? config, string? urls, string? data, Surroundings surroundings, CancellationToken cancellationToken)
    {
        var options = new NyalaOptions();
        IReadOnlyList<string> errors = ServeConfiguration.Read(config, urls, data, ServeConfiguration.Variables(), options);
        string? token = surroundings.Variable(ServeConfiguration.AdminTokenVariable);
        if (token is { Length: < ServeConfiguration.MinTokenLength })
        {
            errors = [.. errors, $"{ServeConfiguration.AdminTokenVariable} has {token.Length} characters: it must have at least {ServeConfiguration.MinTokenLength}."];
        }

        if (token is not null && (token.Trim() != token || token.Any(char.IsControl)))
        {
            errors = [.. errors, $"{ServeConfiguration.AdminTokenVariable} begins or ends with a space, or holds a control character: no request could carry it."];
        }

        if (errors.Count > 0)
        {
            await surroundings.Error.WriteLineAsync("nyala: the configuration is refused:\n  " + string.Join("\n  ", errors.Select(Shorten)));
            return ExitCode.Failed;
        }

        try
        {
            using var signals = new StopSignals();
            await using NyalaServer server = await NyalaServer.StartAsync(options, token);
            if (TryLeave(surroundings.StateFolder, server) is { } problem)
            {
                await surroundings.Error.WriteLineAsync(Text.OneLine("nyala: " + problem));
            }

            await surroundings.Out.WriteAsync(ServeGreeting.Of(server));
            await surroundings.Out.FlushAsync(cancellationToken);
            await server.WaitForShutdownAsync(signals.Asked);
            LocalServer.Forget(surroundings.StateFolder, server.Address);
            return ExitCode.Done;
        }
        catch (ServerStartException refused)
        {
            await surroundings.Error.WriteLineAsync(Text.OneLine("nyala: " + refused.Message));
            return ExitCode.Failed;
        }
#pragma warning disable CA1031 // The last door: a person gets one line, never a stack trace.
        catch (Exception error)
        {
            await surroundings.Error.WriteLineAsync(Text.OneLine($"nyala: the server failed: {error.GetType().Name}: {error.Message}"));
            return ExitCode.Failed;
        }
#pragma warning restore CA1031
    }

    /// <summary>Leaves where the server is. It serves all the same if it cannot be left: then the reason.</summary>
    private static string? TryLeave(string stateFolder, NyalaServer server)
    {
        try
        {
            LocalServer.Leave(stateFolder, server.Address, server.DataFolder);
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"{stateFolder} cannot be written ({error.Message.TrimEnd('.')}), so other commands on this machine do not find this server by themselves. "
                + "Set XDG_STATE_HOME to a folder that can be, or give them --server and --token.";
        }
    }

    /// <summary>An error as one line of bearable length: a value may hold anything.</summary>
    private static string Shorten(string error)
    {
        string line = Text.OneLine(error);
        return line.Length <= LongestError ? line : line[..LongestError] + " …";
    }
}
