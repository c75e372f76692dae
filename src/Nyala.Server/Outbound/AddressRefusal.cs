using System.Net;

namespace Nyala.Server.Outbound;

/// <summary>The address guard's verdict on what a hook may not reach.</summary>
/// <param name="Host">The host as the url names it.</param>
/// <param name="Port">The port.</param>
/// <param name="Address">What the host resolved to; null if it was judged before that, or is that address itself.</param>
/// <param name="Rule">What it is refused as.</param>
/// <param name="Entries">The entries of <c>Outbound:Allow</c> that together would open it; none if nothing would, nor for a cloud's metadata: nobody is to be led to open that.</param>
internal sealed record AddressRefusal(string Host, int Port, IPAddress? Address, string Rule, IReadOnlyList<string> Entries)
{
    /// <summary>What was refused, what it resolved to, by which rule, and which entry would allow it.</summary>
    public string Text
    {
        get
        {
            string host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
            string resolved = Address is null ? "" : $" is {Address}, which";
            string remedy = Entries.Count == 0 ? "" : $" Outbound:Allow with {string.Join(" and ", Entries.Select(entry => $"\"{entry}\""))} would open it.";
            return $"{host}:{Port}{resolved} is not called: {Rule}.{remedy}";
        }
    }
}
