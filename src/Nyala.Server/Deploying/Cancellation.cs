using Nyala.Server.Storage;

namespace Nyala.Server.Deploying;

/// <summary>Cancels one deployment, on request or because the server stops.</summary>
internal sealed class Cancellation(CancellationToken stopping) : IDisposable
{
    private readonly CancellationTokenSource _source = CancellationTokenSource.CreateLinkedTokenSource(stopping);
    private readonly Lock _lock = new();
    private bool _late;

    public CancellationToken Token => _source.Token;

    /// <summary>Who canceled the deployment; null if nobody did.</summary>
    public Actor? By { get; private set; }

    /// <summary>The failure reason that a canceled deployment shows.</summary>
    public string Reason => By is { } by ? $"Canceled by {by.Name}." : "The server was stopped before the deployment ended.";

    /// <summary>Requests cancellation.</summary>
    /// <returns>False if the deployment can no longer be canceled, or if the stop of the server has already canceled it.</returns>
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

    /// <summary>Prevents any later cancellation.</summary>
    /// <returns>False if the deployment was canceled before this call.</returns>
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
