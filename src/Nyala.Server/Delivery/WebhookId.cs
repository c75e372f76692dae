using System.Globalization;

namespace Nyala.Server.Delivery;

/// <summary>The name under which a delivery is known to its receiver: the same for every attempt.</summary>
internal static class WebhookId
{
    public const string Prefix = "msg_";

    public static string Of(long delivery) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{delivery}");
}
