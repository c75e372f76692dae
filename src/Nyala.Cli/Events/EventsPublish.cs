using System.CommandLine;
using Nyala.Cli.Connection;
using Nyala.Cli.Output;
using Nyala.Client;
using Nyala.Client.Json;

namespace Nyala.Cli.Events;

/// <summary>
/// <c>nyala events publish</c>: sends a body, byte for byte, to every hook for the event type. Without a file, the body is read from standard input. If that is
/// empty or a terminal, the body is <c>{}</c>. With <c>--batch</c>, publishes an event for each line of a file, and exits with 1 if a line was refused.
/// </summary>
internal static class EventsPublish
{
    private const int MaxBody = 1024 * 1024;

    public static Command Create(CommandEnvironment environment)
    {
        var type = new Argument<string?>("type") { Description = "The event type.", Arity = ArgumentArity.ZeroOrOne };
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
        var batch = new Option<string?>("--batch")
        {
            Description = "Publish many events, without TYPE: each line of this file is an object with the fields event (the type), body, and optionally key. "
                + "- reads standard input. With --json, print one result per line.",
            HelpName = "file",
        };
        var command = new Command("publish", "Publish an event, or many.") { type, file, noWait, key, batch };
        ConnectionOptions connection = ConnectionOptions.AddTo(command);
        JsonOption json = JsonOption.AddTo(command);
        command.Validators.Add(result =>
        {
            bool many = result.GetValue(batch) is not null;
            if (many && (result.GetValue(type) ?? result.GetValue(file) ?? result.GetValue(key)) is not null)
            {
                result.AddError("--batch cannot be combined with an event type, a body file or --key: each line of the batch has its own.");
            }
            else if (!many && result.GetValue(type) is null)
            {
                result.AddError("specify an event type, or --batch with a file of events.");
            }
            else if (!many && json.IsGiven(result))
            {
                result.AddError("--json requires --batch.");
            }
        });
        command.SetVerbAction(environment, (parsed, cancellationToken) => connection.CallAsync(
            parsed,
            environment,
            async client =>
            {
                bool siteIsNew = await connection.IsNewSiteAsync(parsed, client, cancellationToken);
                int exitCode = parsed.GetValue(batch) is { } lines
                    ? await ManyAsync(client, lines, !parsed.GetValue(noWait), json.IsGiven(parsed), environment, cancellationToken)
                    : await OneAsync(client, parsed.GetRequiredValue(type)!, parsed.GetValue(file), !parsed.GetValue(noWait), parsed.GetValue(key), environment, cancellationToken);
                if (siteIsNew && !await connection.IsNewSiteAsync(parsed, client, cancellationToken))
                {
                    environment.Error.WriteLine(TerminalText.OneLine($"nyala: {NewSiteNotice.Text(connection.Site(parsed)!)}"));
                }

                return exitCode;
            },
            cancellationToken));
        return command;
    }

    private static async Task<int> OneAsync(
        NyalaClient client, string type, string? file, bool wait, string? key, CommandEnvironment environment, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> body = await BodyAsync(file, environment, cancellationToken);
        PublishedEvent published = await client.PublishAsync(type, body, wait, key, cancellationToken);
        environment.Error.WriteLine(published.Replayed
            ? $"nyala: already published with this key as event {published.Id}. Nothing was sent again."
            : $"nyala: published as event {published.Id}, {body.Length} bytes.");
        return ExitCode.Done;
    }

    private static async Task<int> ManyAsync(
        NyalaClient client, string file, bool wait, bool json, CommandEnvironment environment, CancellationToken cancellationToken)
    {
        // Opening a named pipe waits for its writer, and cannot be interrupted itself.
        await using Stream input = (file == "-" ? environment.OpenInput() : await Task.Run(() => InputFile.Open(file), cancellationToken).WaitAsync(cancellationToken))
            ?? throw CommandFailure.Usage("- reads standard input: pipe the events in.");
        var publisher = new BatchPublisher(client, wait, result =>
        {
            if (json)
            {
                JsonOption.PrintLine(environment.Out, result, NyalaJson.Wire.PublishedLine);
            }

            if (result.Problem is { } problem)
            {
                environment.Error.WriteLine(TerminalText.OneLine($"nyala: line {result.Line}: {RefusalText.WithVerbs(problem)}"));
            }
        });
        try
        {
            await publisher.PublishAsync(BatchFile.ReadAsync(input, file == "-" ? "standard input" : file, cancellationToken), cancellationToken);
        }
        finally
        {
            if (publisher.Sum.IsWorthSaying)
            {
                environment.Error.WriteLine($"nyala: {publisher.Sum}");
            }
        }

        return publisher.Sum.Refused > 0 ? ExitCode.Failed : ExitCode.Done;
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
