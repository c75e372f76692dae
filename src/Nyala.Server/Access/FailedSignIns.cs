using System.Net;
using System.Net.Sockets;

namespace Nyala.Server.Access;

/// <summary>
/// Counts the log-ins that failed, by remote address; an IPv6 caller by its /64, which is what one household or machine
/// has. Memory is bounded: where very many addresses fail within a minute, the oldest are forgotten.
/// </summary>
internal sealed class FailedSignIns(TimeProvider clock)
{
    /// <summary>How many may fail within <see cref="Window"/> before further ones get 429.</summary>
    public const int Allowed = 10;

    /// <summary>How many addresses are remembered.</summary>
    public const int MaxAddresses = 10_000;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private const int PrefixBytes = 8;

    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, Count> _counts = [];

    // In the order of their beginnings, since a window is never renewed.
    private readonly Queue<IPAddress> _oldest = new();

    /// <summary>How many addresses are counted now.</summary>
    public int Addresses
    {
        get
        {
            lock (_gate)
            {
                return _counts.Count;
            }
        }
    }

    /// <summary>Counts a failure. Says how many there were in this window, and how long it lasts still.</summary>
    public (int Failures, TimeSpan Left) Add(IPAddress? address)
    {
        IPAddress key = KeyOf(address);
        DateTimeOffset now = clock.GetUtcNow();
        lock (_gate)
        {
            while (_oldest.TryPeek(out IPAddress? first) && _counts[first].Begun + Window <= now)
            {
                _counts.Remove(_oldest.Dequeue());
            }

            if (!_counts.TryGetValue(key, out Count? count))
            {
                if (_counts.Count == MaxAddresses)
                {
                    _counts.Remove(_oldest.Dequeue());
                }

                count = new Count(now);
                _counts.Add(key, count);
                _oldest.Enqueue(key);
            }

            count.Failures = Math.Min(count.Failures + 1, int.MaxValue - 1);
            return (count.Failures, count.Begun + Window - now);
        }
    }

    private static IPAddress KeyOf(IPAddress? address)
    {
        if (address is null)
        {
            return IPAddress.None;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        byte[] bytes = address.GetAddressBytes();
        bytes.AsSpan(PrefixBytes).Clear();
        return new IPAddress(bytes);
    }

    private sealed class Count(DateTimeOffset begun)
    {
        public DateTimeOffset Begun => begun;

        public int Failures { get; set; }
    }
}
