using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Output;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Cli.Channels;

/// <summary><c>nyala channels test</c>: exits with 0 if the service accepted the test message, otherwise with 1.</summary>
internal static class ChannelsTest
{
    public static Command Create(CommandEnvironment environment)
    {
        var url = new Argument<string>("url") { Description = "Where to send it, as for \"nyala hooks add\": mailto:name@example.com, tel:+4512345678, or a URL." };
        var command = new Command("test", "Send a test message now, without a hook, and print the answer.") { url };
        ConnectionOptions connection = ConnectionOptions.AddTo(command, withSite: false);
        JsonOption json = JsonOption.AddTo(command);
        command.SetVerbAction(environment, (parsed, cancellationToken) => connection.CallAsync(
            parsed,
            environment,
            async client =>
            {
                string to = parsed.GetRequiredValue(url);
                ChannelTest test = await client.TestChannelAsync(new ChannelTestRequest { Url = to }, cancellationToken);
                bool printed = json.TryPrint(parsed, environment, test, NyalaJson.Wire.ChannelTest);
                if (!test.Accepted)
                {
                    throw new CommandFailure($"{to} did not accept the test message: {test.Reason}");
                }

                if (!printed)
                {
                    string said = test.Answer is { Length: > 0 } answer ? $": {answer}" : ".";
                    environment.Out.WriteLine(TerminalText.OneLine($"Sent a test message to {to} in {Display.Duration(TimeSpan.FromSeconds(test.DurationSeconds))}. The answer was {test.Status}{said}"));
                }

                return ExitCode.Done;
            },
            cancellationToken));
        return command;
    }
}
