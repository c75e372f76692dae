using Nyala.Server.Outbound;

namespace Nyala.Server.Delivery;

/// <summary>
/// Limits the attempts of all hooks that share an account at a receiver. A lane takes a turn before its attempt takes a slot. The limits are this node's own: two
/// nodes together may use twice the rate. Thread-safe.
/// </summary>
internal sealed class AccountLimits
{
    private const int UsuallyKept = 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, RateLimit> _limits = [];
    private int _forgetAt = UsuallyKept;

    /// <summary>Returns when the next attempt may start.</summary>
    public DateTimeOffset Opens(Account account)
    {
        lock (_gate)
        {
            return Find(account).Opens;
        }
    }

    /// <summary>Takes a turn, if the account allows an attempt now.</summary>
    /// <param name="account">The account.</param>
    /// <param name="now">The current time.</param>
    /// <param name="opens">When the next attempt may start, if none may start now.</param>
    public bool TryTake(Account account, DateTimeOffset now, out DateTimeOffset opens)
    {
        lock (_gate)
        {
            RateLimit limit = Find(account);
            opens = limit.Opens;
            if (opens > now)
            {
                return false;
            }

            _limits[account.Key] = limit.Take(now);
            ForgetUnused(now);
            return true;
        }
    }

    /// <summary>
    /// Returns a turn that was taken for an attempt that did not start. Has no effect if the account has another rate since, or is forgotten: its new limit
    /// does not count that turn.
    /// </summary>
    public void Return(Account account)
    {
        lock (_gate)
        {
            if (TryFind(account, out RateLimit limit))
            {
                _limits[account.Key] = limit.GiveBack();
            }
        }
    }

    private RateLimit Find(Account account) => TryFind(account, out RateLimit limit) ? limit : RateLimit.Of(account.Rate);

    private bool TryFind(Account account, out RateLimit limit) => _limits.TryGetValue(account.Key, out limit) && limit.Rate == account.Rate;

    /// <summary>Forgets the accounts whose limit is the same as a new one. Runs so rarely that its cost per attempt is constant.</summary>
    private void ForgetUnused(DateTimeOffset now)
    {
        if (_limits.Count < _forgetAt)
        {
            return;
        }

        foreach ((string key, RateLimit limit) in _limits)
        {
            if (limit.IsUnused(now))
            {
                _limits.Remove(key);
            }
        }

        _forgetAt = Math.Max(UsuallyKept, 2 * _limits.Count);
    }
}
