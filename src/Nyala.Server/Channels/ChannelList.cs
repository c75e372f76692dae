using Nyala.Client;
using Nyala.Server.Outbound.Channels;

namespace Nyala.Server.Channels;

/// <summary>Describes the channels and the server's accounts, without credentials. Pure.</summary>
internal static class ChannelList
{
    public static IReadOnlyList<HookChannel> Of(ChannelOptions accounts) =>
    [
        new HookChannel { Name = "http", Urls = ["https://…", "http://…"], Configured = true },
        Of("mail", ["mailto:name@example.com"], AccountKind.Mail, accounts, accounts.Mail.Rate, accounts.Mail.Description),
        Of("phone", ["tel:+4512345678", "sms:+4512345678"], AccountKind.Phone, accounts, accounts.Phone.Rate, accounts.Phone.Description),
        Of("x", [accounts.X.PostsUrl.ToString()], AccountKind.X, accounts, accounts.X.Rate, null),
    ];

    private static HookChannel Of(string name, IReadOnlyList<string> urls, AccountKind kind, ChannelOptions accounts, int rate, string? account)
    {
        string? missing = accounts.Lacks(kind);
        return new HookChannel { Name = name, Urls = urls, Configured = missing is null, Account = missing is null ? account : null, Rate = rate, Missing = missing };
    }
}
