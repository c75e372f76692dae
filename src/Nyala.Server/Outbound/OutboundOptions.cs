using System.Net;

namespace Nyala.Server.Outbound;

/// <summary>Options of the section <c>Outbound</c>: how attempts reach the network.</summary>
internal sealed class OutboundOptions
{
    /// <summary>How long a connection may take, name lookup and TLS apart. Default 5 s; 100 ms to <see cref="AttemptTimeout"/>.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a whole attempt may take, the reading of the answer included. Default 10 s, Kudu's; 100 ms to 5 min.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many bytes of an answer are kept; the rest is not read. Default 16384; 0 to 1048576.</summary>
    public int AnswerLimit { get; set; } = 16 * 1024;

    /// <summary>
    /// Networks that hooks may reach although the address guard refuses them by default, as CIDR: <c>10.20.0.0/16</c>. Default
    /// none. A cloud's metadata addresses stay closed unless named by themselves, as <c>/32</c> or <c>/128</c>.
    /// </summary>
    public string[] Allow { get; set; } = [];

    public IEnumerable<string> Validate()
    {
        if (AttemptTimeout < TimeSpan.FromMilliseconds(100) || AttemptTimeout > TimeSpan.FromMinutes(5))
        {
            yield return $"Outbound:AttemptTimeout is {AttemptTimeout}: it must be from 100 ms to 5 min.";
        }

        if (ConnectTimeout < TimeSpan.FromMilliseconds(100) || ConnectTimeout > AttemptTimeout)
        {
            yield return $"Outbound:ConnectTimeout is {ConnectTimeout}: it must be from 100 ms to Outbound:AttemptTimeout ({AttemptTimeout}).";
        }

        if (AnswerLimit is < 0 or > 1024 * 1024)
        {
            yield return $"Outbound:AnswerLimit is {AnswerLimit}: it must be from 0 to 1048576 bytes.";
        }

        foreach (string network in Allow)
        {
            if (!IsNetwork(network))
            {
                yield return $"Outbound:Allow holds '{network}': it must be a network such as 10.20.0.0/16 or fd12::/32, with no address bits set after the prefix.";
            }
        }
    }

    /// <summary>
    /// The framework takes 10.0.0.1/8 for 10.0.0.0/8. Whoever writes that means one host more likely than sixteen million.
    /// </summary>
    private static bool IsNetwork(string text) =>
        IPNetwork.TryParse(text, out IPNetwork network) && IPAddress.TryParse(text.Split('/')[0], out IPAddress? address) && address.Equals(network.BaseAddress);
}
