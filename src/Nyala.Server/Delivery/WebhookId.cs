using System.Globalization;

namespace Nyala.Server.Delivery;

/// <summary>The id that a receiver gets for a delivery, the same for every attempt.</summary>
internal static class WebhookId
{
    public const string Prefix = "msg_";

    public static string Of(long delivery) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{delivery}");
}
