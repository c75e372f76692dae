namespace Nyala.Server.Storage.Sqlite;

/// <summary>A function that waits for a database thread, and the task that its caller holds.</summary>
internal abstract class Work
{
    /// <summary>Runs the function, perhaps again. What it throws is kept for <see cref="Complete"/> and thrown on.</summary>
    public abstract void Run(ITables tables);

    /// <summary>Gives the caller the result, or what the function threw.</summary>
    public abstract void Complete();

    /// <summary>Gives the caller an error in place of the result.</summary>
    public abstract void Fail(Exception error);
}

internal sealed class Work<T>(Func<ITables, T> function, CancellationToken cancellationToken = default) : Work
{
    // A caller's continuation must not run on, and hold up, the database thread.
    private readonly TaskCompletionSource<T> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;
    private Exception? _error;

    public Task<T> Task => _source.Task;

    public override void Run(ITables tables)
    {
        _error = null;
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            _result = function(tables);
        }
        catch (Exception error)
        {
            _error = error;
            throw;
        }
    }

    public override void Complete()
    {
        switch (_error)
        {
            case null:
                _source.TrySetResult(_result!);
                break;
            case OperationCanceledException canceled:
                _source.TrySetCanceled(canceled.CancellationToken);
                break;
            default:
                _source.TrySetException(_error);
                break;
        }
    }

    public override void Fail(Exception error) => _source.TrySetException(error);
}
