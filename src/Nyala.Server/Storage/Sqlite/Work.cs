using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Nyala.Server.Storage.Sqlite;

/// <summary>A function that waits for a database thread, and the task that its caller awaits.</summary>
internal abstract class Work
{
    /// <summary>The limit of the work; null for none.</summary>
    public abstract ReadLimit? Limit { get; }

    /// <summary>Runs the function; may be called again. An exception of the function is kept for <see cref="Complete"/> and rethrown.</summary>
    public abstract void Run(ITables tables);

    /// <summary>Passes the result, or the exception of the function, to the caller.</summary>
    public abstract void Complete();

    /// <summary>Fails the caller's task with an error.</summary>
    public abstract void Fail(Exception error);
}

internal sealed class Work<T>(Func<ITables, T> function, ReadLimit? limit = null) : Work
{
    // A caller's continuation must not run on the database thread and block it.
    private readonly TaskCompletionSource<T> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;
    private Exception? _error;

    public override ReadLimit? Limit => limit;

    public Task<T> Task => _source.Task;

    public override void Run(ITables tables)
    {
        _error = null;
        try
        {
            limit?.ThrowIfOver();
            _result = function(tables);
        }
        catch (SqliteException error) when (error.SqliteErrorCode == raw.SQLITE_INTERRUPT && limit is not null)
        {
            try
            {
                limit.ThrowIfOver();
                _error = error;
            }
            catch (Exception reason)
            {
                _error = reason;
            }

            throw;
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
