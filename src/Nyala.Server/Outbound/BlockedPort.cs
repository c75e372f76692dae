using System.Collections.Frozen;

namespace Nyala.Server.Outbound;

/// <summary>
/// Ports of services that do not speak HTTP and could take a line of a POST for a command. The list is short because receivers may listen on any port.
/// </summary>
internal static class BlockedPort
{
    private static readonly FrozenDictionary<int, string> Services = new Dictionary<int, string>
    {
        [7] = "echo",
        [19] = "chargen",
        [20] = "FTP",
        [21] = "FTP",
        [22] = "SSH",
        [23] = "Telnet",
        [25] = "SMTP",
        [53] = "DNS",
        [69] = "TFTP",
        [110] = "POP3",
        [111] = "RPC",
        [119] = "NNTP",
        [123] = "NTP",
        [135] = "RPC",
        [137] = "NetBIOS",
        [138] = "NetBIOS",
        [139] = "NetBIOS",
        [143] = "IMAP",
        [161] = "SNMP",
        [179] = "BGP",
        [389] = "LDAP",
        [445] = "SMB",
        [465] = "SMTP",
        [514] = "syslog",
        [515] = "printing",
        [563] = "NNTP",
        [587] = "SMTP",
        [636] = "LDAP",
        [873] = "rsync",
        [990] = "FTP",
        [993] = "IMAP",
        [995] = "POP3",
        [1433] = "SQL Server",
        [1434] = "SQL Server",
        [1521] = "Oracle",
        [1883] = "MQTT",
        [2049] = "NFS",
        [3306] = "MySQL",
        [3389] = "remote desktop",
        [4222] = "NATS",
        [5432] = "PostgreSQL",
        [5672] = "AMQP",
        [6379] = "Redis",
        [6667] = "IRC",
        [9042] = "Cassandra",
        [9092] = "Kafka",
        [11111] = "an Orleans silo",
        [11211] = "memcached",
        [27017] = "MongoDB",
        [30000] = "an Orleans gateway",
    }.ToFrozenDictionary();

    /// <summary>All ports of the list.</summary>
    public static IEnumerable<int> All => Services.Keys;

    /// <summary>Returns why a port is blocked, in words for a refusal; null if it is not.</summary>
    public static string? RuleOf(int port) => port == 0
        ? "there is no port 0"
        : Services.TryGetValue(port, out string? service) ? $"port {port} is for {service}, not for HTTP" : null;
}
