namespace Nyala.Server.Storage;

/// <summary>What a delivery sends, if that is not the event's own body.</summary>
/// <param name="ContentType">The content type.</param>
/// <param name="Body">The bytes.</param>
/// <param name="Form">The method, path and headers of the request, as JSON, if the format sets them; otherwise null.</param>
internal sealed record RenderedBody(string ContentType, byte[] Body, string? Form = null);

/// <summary>The rendered bodies of deliveries. A body is written with the first attempt, and every later attempt sends it.</summary>
internal interface IRenderedTable
{
    /// <summary>Keeps the body of a delivery. Has no effect if the delivery already has one, because that one was sent first.</summary>
    void Insert(long delivery, RenderedBody body);

    /// <summary>Returns the body of a delivery; null if it has none.</summary>
    RenderedBody? Find(long delivery);
}
