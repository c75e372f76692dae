using System.Net;
using Nyala.Client;

namespace Nyala.Cli.Events;

/// <summary>
/// Publishes the lines of a batch, in requests that the server accepts. The server refuses a whole request if it refuses a line. The other lines are then sent
/// again without that line. If their deliveries are too many for one request, each request gets half as many lines.
/// </summary>
/// <param name="client">The client of the server.</param>
/// <param name="wait">Whether each request waits for the first attempts.</param>
/// <param name="report">Is called with the result of each line, with the line's number in the file.</param>
internal sealed class BatchPublisher(NyalaClient client, bool wait, Action<PublishedLine> report)
{
    private const int MaxLines = 1000;

    /// <summary>The number of refused lines after which the file is taken for something else, if no line was accepted.</summary>
    private const int HopelessAt = 100;

    private readonly List<BatchLine> _request = [];
    private long _size;
    private int _mostLines = MaxLines;

    /// <summary>What was done so far.</summary>
    public BatchSum Sum { get; } = new();

    /// <summary>Publishes the lines, one request at a time.</summary>
    /// <exception cref="CommandFailure">The file does not seem to be a batch.</exception>
    public async Task PublishAsync(IAsyncEnumerable<BatchLine> lines, CancellationToken cancellationToken)
    {
        await foreach (BatchLine line in lines.WithCancellation(cancellationToken))
        {
            if (line.Content is not { } content)
            {
                Refuse(line.Number, $"The line does not fit in a request, which can have at most {BatchFile.MaxSize} bytes.");
                continue;
            }

            if (_request.Count == _mostLines || _size + content.Length + 1 > BatchFile.MaxSize)
            {
                await SendAsync(cancellationToken);
            }

            _request.Add(line);
            _size += content.Length + 1;
        }

        await SendAsync(cancellationToken);
        Sum.Complete = true;
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        while (_request.Count > 0)
        {
            List<BatchLine> sent = _request[..Math.Min(_mostLines, _request.Count)];
            (Sum.From, Sum.InDoubtTo) = (sent[0].Number, sent[^1].Number);
            try
            {
                Note(sent, await client.PublishManyAsync(Join(sent), wait, cancellationToken));
            }
            catch (NyalaException refusal) when (refusal.Lines is { Count: > 0 } refused && refused.All(line => line?.Line > 0 && line.Line <= sent.Count))
            {
                Leave(refused);
            }
            catch (NyalaException refusal) when (refusal is { Status: HttpStatusCode.RequestEntityTooLarge, Lines: [] } && sent.Count > 1)
            {
                _mostLines = sent.Count / 2;
            }
            catch (Exception error) when (WasNotAccepted(error))
            {
                Sum.InDoubtTo = null;
                throw;
            }
        }

        _size = 0;
    }

    private void Note(List<BatchLine> sent, IReadOnlyList<PublishedLine> results)
    {
        if (!results.Select(result => result?.Line).SequenceEqual(Enumerable.Range(1, sent.Count).Select(number => (int?)number)))
        {
            throw new CommandFailure("the server's response does not have a result for each line. Check the URL.");
        }

        foreach ((BatchLine line, PublishedLine result) in sent.Zip(results))
        {
            Report(result with { Line = line.Number });
        }

        (Sum.From, Sum.InDoubtTo) = (sent[^1].Number + 1, null);
        _request.RemoveRange(0, sent.Count);
    }

    private void Leave(IReadOnlyList<PublishedLine> refused)
    {
        Sum.InDoubtTo = null;
        foreach (PublishedLine line in refused)
        {
            Refuse(_request[line.Line - 1].Number, line.Problem);
        }

        var numbers = refused.Select(line => line.Line).ToHashSet();
        List<BatchLine> rest = [.. _request.Where((_, index) => !numbers.Contains(index + 1))];
        _request.Clear();
        _request.AddRange(rest);
    }

    private void Refuse(int number, string? problem)
    {
        Report(new PublishedLine { Line = number, Outcome = "refused", Problem = problem });
        if (Sum.Refused == HopelessAt && Sum.Published + Sum.Replayed == 0)
        {
            Sum.From = 1;
            throw new CommandFailure($"the first {HopelessAt} results are refusals, so nothing more was sent. Is each line of the file a JSON object with the fields event and body?");
        }
    }

    private void Report(PublishedLine result)
    {
        Sum.Add(result);
        report(result);
    }

    /// <summary>Whether the server has certainly not accepted the request.</summary>
    private static bool WasNotAccepted(Exception error) => error is NyalaException
        or HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError };

    private static ReadOnlyMemory<byte> Join(List<BatchLine> lines)
    {
        using var joined = new MemoryStream(lines.Sum(line => line.Content!.Value.Length + 1));
        foreach (BatchLine line in lines)
        {
            joined.Write(line.Content!.Value.Span);
            joined.WriteByte((byte)'\n');
        }

        return joined.GetBuffer().AsMemory(0, (int)joined.Length);
    }
}
