using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Nyala.Server.Processes;

namespace Nyala.Server.Deploying.Push;

/// <summary>
/// Refuses a push on behalf of git, in git's own protocol: for an HTTP error status, git clients show nothing but the number. The pusher sees the reason as
/// <c>remote:</c> lines, and each ref is rejected.
/// </summary>
internal static class PushRefusal
{
    private const string TakesReport = "report-status";
    private const string TakesNewReport = "report-status-v2";
    private const string TakesBands = "side-band-64k";

    /// <summary>Reads the push to its end, because its client listens only then, and refuses it.</summary>
    /// <param name="body">The rest of the request.</param>
    /// <param name="response">The response, with its headers set.</param>
    /// <param name="opening">The beginning of the push; null if it was too long to be read.</param>
    /// <param name="reason">The reason, in one line.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static async Task RefuseAsync(PipeReader body, HttpResponse response, PushHeader? opening, string reason, CancellationToken cancellationToken)
    {
        ReadResult read;
        do
        {
            read = await body.ReadAsync(cancellationToken);
            body.AdvanceTo(read.Buffer.End);
        }
        while (!read.IsCompleted && !read.IsCanceled);

        await response.Body.WriteAsync(Of(opening, TerminalFilter.Clean(reason)), cancellationToken);
    }

    /// <summary>Returns the bytes of the refusal. Pure.</summary>
    internal static byte[] Of(PushHeader? opening, string reason)
    {
        // All clients of the last fifteen years support both the report and the bands. Both are assumed if the beginning was too long to be read.
        var report = new ArrayBufferWriter<byte>();
        if (opening is null || opening.Can(TakesReport) || opening.Can(TakesNewReport))
        {
            report.Write(Line($"unpack {reason}\n"));
            foreach (RefUpdate update in opening?.Updates ?? [])
            {
                report.Write(Line($"ng {update.Ref} nothing was stored\n"));
            }

            report.Write("0000"u8);
        }

        return opening is null || opening.Can(TakesBands)
            ? [.. Sideband.Packets(Sideband.Progress, Encoding.UTF8.GetBytes(reason + "\n")), .. Sideband.Packets(Sideband.Report, report.WrittenSpan), .. "0000"u8]
            : report.WrittenSpan.ToArray();
    }

    private static byte[] Line(string text) => Sideband.Packet(Encoding.UTF8.GetBytes(text));
}
