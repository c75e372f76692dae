using Nyala.Server.Hosting;

namespace Nyala.Cli.Connection;

/// <summary>
/// The address of a server: an absolute <c>http:</c> or <c>https:</c> URL without user info, query or fragment. An address that stands for every interface,
/// such as <c>http://0.0.0.0:8484</c>, means the server on this machine.
/// </summary>
internal static class ServerAddress
{
    /// <summary>The description of a valid address, for errors.</summary>
    public const string Form = "an absolute http or https URL without user info, query or fragment, for example http://127.0.0.1:8484";

    public static Uri? Parse(string? text) =>
        Uri.TryCreate(text?.Trim(), UriKind.Absolute, out Uri? address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
        && address.UserInfo.Length == 0 && address.Query.Length == 0 && address.Fragment.Length == 0
            ? ConnectAddress.Of(address)
            : null;

    /// <summary>Returns the canonical form of an address: lower-case scheme and host, a port only if it is not the default, and no slash at the end.</summary>
    public static string Canonical(Uri address) => address.AbsoluteUri.TrimEnd('/');

    public static bool Same(Uri one, Uri other) => string.Equals(Canonical(one), Canonical(other), StringComparison.Ordinal);
}
