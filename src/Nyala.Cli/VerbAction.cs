using System.CommandLine;
using System.Runtime.InteropServices;
using Nyala.Cli.Output;

namespace Nyala.Cli;

/// <summary>Runs the action of every verb except <c>serve</c>. It prints a failure as one line, and SIGINT or SIGTERM cancels the action's token.</summary>
internal static class VerbAction
{
    public static void SetVerbAction(this Command command, CommandEnvironment environment, Func<ParseResult, CancellationToken, Task<int>> act) =>
        command.SetAction((parsed, _) => RunAsync(parsed, act, environment));

    private static async Task<int> RunAsync(ParseResult parsed, Func<ParseResult, CancellationToken, Task<int>> act, CommandEnvironment environment)
    {
        using var interrupted = new CancellationTokenSource();
        int signalled = 0;
        using PosixSignalRegistration interrupt = Listen(PosixSignal.SIGINT, 2);
        using PosixSignalRegistration terminate = Listen(PosixSignal.SIGTERM, 15);
        try
        {
            return await act(parsed, interrupted.Token);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            return ExitCode.Signalled(Volatile.Read(ref signalled));
        }
        catch (CommandFailure failure)
        {
            return Say(failure.Message, failure.Code);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Say(error.Message, ExitCode.Failed);
        }
#pragma warning disable CA1031 // The last handler: the user gets one line, never a stack trace.
        catch (Exception error)
        {
            return Say($"unexpected {error.GetType().Name}: {error.Message}", ExitCode.Failed);
        }
#pragma warning restore CA1031

        PosixSignalRegistration Listen(PosixSignal signal, int number) => PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            Interlocked.CompareExchange(ref signalled, number, 0);
            interrupted.Cancel();
        });

        int Say(string message, int code)
        {
            environment.Error.WriteLine("nyala: " + TerminalText.OneLine(message));
            return code;
        }
    }
}
