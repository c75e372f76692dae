using System.Net;

namespace Nyala.Server.Outbound;

/// <summary>The reason why the address guard refuses a connection.</summary>
/// <param name="Host">The host as written in the URL.</param>
/// <param name="Port">The port.</param>
/// <param name="Address">The address that the host resolved to; null if the host was not resolved or is itself an address.</param>
/// <param name="Rule">The rule that refuses it.</param>
/// <param name="Entries">
/// The entries of <c>Outbound:Allow</c> that would open it if all were added. Empty if nothing would open it, and for cloud metadata addresses, which nobody
/// should be led to open.
/// </param>
internal sealed record AddressRefusal(string Host, int Port, IPAddress? Address, string Rule, IReadOnlyList<string> Entries)
{
    /// <summary>Says what was refused, what it resolved to, by which rule, and which entries would allow it.</summary>
    public string Text
    {
        get
        {
            string host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
            string resolved = Address is null ? "" : $" resolves to {Address}, which";
            string remedy = Entries.Count == 0 ? "" : $" To allow it, add {string.Join(" and ", Entries.Select(entry => $"\"{entry}\""))} to Outbound:Allow.";
            return $"{host}:{Port}{resolved} is not allowed: {Rule}.{remedy}";
        }
    }
}
