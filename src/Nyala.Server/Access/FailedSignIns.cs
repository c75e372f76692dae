using System.Net;
using System.Net.Sockets;

namespace Nyala.Server.Access;

/// <summary>
/// Counts failed sign-ins by remote address. IPv6 addresses are counted by their /64, because one household or machine has a whole /64. Memory is bounded: if
/// very many addresses fail within a minute, the oldest are forgotten.
/// </summary>
internal sealed class FailedSignIns(TimeProvider clock)
{
    /// <summary>The number of sign-ins that may fail within <see cref="Window"/> before further failures get 429.</summary>
    public const int Allowed = 10;

    /// <summary>The maximum number of addresses that are remembered.</summary>
    public const int MaxAddresses = 10_000;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private const int PrefixBytes = 8;

    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, Count> _counts = [];

    // In the order in which their windows began, because a window is never extended.
    private readonly Queue<IPAddress> _oldest = new();

    /// <summary>The number of addresses that are remembered now.</summary>
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

    /// <summary>Counts a failure. Returns the number of failures in the current window, and the time that is left of the window.</summary>
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
