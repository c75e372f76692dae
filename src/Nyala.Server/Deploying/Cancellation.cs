using Nyala.Server.Storage;

namespace Nyala.Server.Deploying;

/// <summary>Ends a deployment before its time: when the server stops, or when somebody cancels it.</summary>
internal sealed class Cancellation(CancellationToken stopping) : IDisposable
{
    private readonly CancellationTokenSource _source = CancellationTokenSource.CreateLinkedTokenSource(stopping);
    private readonly Lock _lock = new();
    private bool _late;

    public CancellationToken Token => _source.Token;

    /// <summary>Who has cancelled it; null if nobody has.</summary>
    public Actor? By { get; private set; }

    /// <summary>The reason that a canceled deployment shows.</summary>
    public string Reason => By is { } by ? $"Canceled by {by.Name}." : "The server was stopped before the deployment had ended.";

    /// <summary>Asks for the end.</summary>
    /// <returns>False if it comes too late.</returns>
    public bool Request(Actor by)
    {
        lock (_lock)
        {
            if (_late || (By is null && Token.IsCancellationRequested))
            {
                return false;
            }

            By ??= by;
            _ = _source.CancelAsync();
            return true;
        }
    }

    /// <summary>Says that from now on the deployment cannot be ended any more.</summary>
    /// <returns>False if its end was asked for before.</returns>
    public bool Close()
    {
        lock (_lock)
        {
            _late = true;
            return !Token.IsCancellationRequested;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _late = true;
        }

        _source.Dispose();
    }
}
