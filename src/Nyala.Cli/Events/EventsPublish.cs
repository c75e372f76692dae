using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Output;
using Nyala.Client;

namespace Nyala.Cli.Events;

/// <summary>
/// <c>nyala events publish</c>: sends a body, byte for byte, to every hook for the event type. Without a file, the body is read from standard input. If that is
/// empty or a terminal, the body is <c>{}</c>.
/// </summary>
internal static class EventsPublish
{
    private const int MaxBody = 1024 * 1024;

    public static Command Create(CommandEnvironment environment)
    {
        var type = new Argument<string>("type") { Description = "The event type." };
        var file = new Argument<string?>("file")
        {
            Description = "A file with the JSON body. - reads standard input. Default: standard input if it is piped, otherwise {}.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var noWait = new Option<bool>("--no-wait") { Description = "Return as soon as the event is stored, without waiting for deliveries." };
        var key = new Option<string?>("--key")
        {
            Description = "An idempotency key. Within 24 hours, the server accepts an event with the same key only once, so you can retry safely.",
            HelpName = "name",
        };
        var command = new Command("publish", "Publish an event.") { type, file, noWait, key };
        ConnectionOptions connection = ConnectionOptions.AddTo(command);
        command.SetVerbAction(environment, (parsed, cancellationToken) => connection.CallAsync(
            parsed,
            environment,
            async client =>
            {
                ReadOnlyMemory<byte> body = await BodyAsync(parsed.GetValue(file), environment, cancellationToken);
                bool siteIsNew = await connection.IsNewSiteAsync(parsed, client, cancellationToken);
                PublishedEvent published = await client.PublishAsync(
                    parsed.GetRequiredValue(type), body, !parsed.GetValue(noWait), parsed.GetValue(key), cancellationToken);
                environment.Error.WriteLine(published.Replayed
                    ? $"nyala: already published with this key as event {published.Id}. Nothing was sent again."
                    : $"nyala: published as event {published.Id}, {body.Length} bytes.");
                if (siteIsNew && !await connection.IsNewSiteAsync(parsed, client, cancellationToken))
                {
                    environment.Error.WriteLine(TerminalText.OneLine($"nyala: {NewSiteNotice.Text(connection.Site(parsed)!)}"));
                }

                return ExitCode.Done;
            },
            cancellationToken));
        return command;
    }

    private static async Task<ReadOnlyMemory<byte>> BodyAsync(string? file, CommandEnvironment environment, CancellationToken cancellationToken)
    {
        await using Stream? stream = file is null or "-" ? environment.OpenInput() : InputFile.Open(file);
        if (stream is null)
        {
            return file is null ? "{}"u8.ToArray() : throw CommandFailure.Usage("- reads standard input: pipe the body in.");
        }

        using var body = new MemoryStream();
        byte[] buffer = new byte[64 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            body.Write(buffer, 0, read);
            if (body.Length > MaxBody)
            {
                throw new CommandFailure("the event body is larger than the limit of 1 MiB.");
            }
        }

        return body.Length == 0 && file is null ? "{}"u8.ToArray() : body.ToArray();
    }
}
