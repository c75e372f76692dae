using Nyala.Server.Outbound.Channels;
using Nyala.Server.Outbound.Formats;

namespace Nyala.Server.Outbound;

/// <summary>Decides where hooks may lead: to which addresses, and over which accounts of the server.</summary>
internal sealed class Destinations(AddressGuard guard, ChannelOptions accounts)
{
    /// <summary>Returns the address guard's refusal of a URL, judged only by its literal address and port; null if it is not refused.</summary>
    public AddressRefusal? Refuses(Uri url) => url.Scheme is "http" or "https" ? guard.Judge(url) : null;

    /// <summary>Returns why the server cannot send a format to a URL; null if it can.</summary>
    public string? Refuses(IFormat format, Uri url) => format.Facts.RefusesUrl(url) ?? RefusesAccount(format, url);

    /// <summary>Returns why the server has no account for a format and a URL; null if it has one, or if none is needed.</summary>
    public string? RefusesAccount(IFormat format, Uri url) =>
        (accounts.Lacks(format.Facts.Account) is { } lacks ? $"This server cannot send to it: {lacks}" : null)

        // The account's signature must not go anywhere else.
        ?? (format.Facts.Account == AccountKind.X && url.AbsoluteUri != accounts.X.PostsUrl.AbsoluteUri ? $"The url of the format '{format.Facts.Name}' is {accounts.X.PostsUrl}." : null);

    /// <summary>Returns the format of a test message to a URL.</summary>
    public IFormat FormatOf(Uri url) => accounts.X.IsSet && url.AbsoluteUri == accounts.X.PostsUrl.AbsoluteUri ? FormatCatalog.Find("x")! : FormatCatalog.Of(url);
}
