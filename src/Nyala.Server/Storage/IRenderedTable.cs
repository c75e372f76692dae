namespace Nyala.Server.Storage;

/// <summary>What a delivery sends, if that is not the event's own body.</summary>
internal sealed record RenderedBody(string ContentType, byte[] Body);

/// <summary>The rendered bodies of deliveries. A body is written with the first attempt, and every later attempt sends it.</summary>
internal interface IRenderedTable
{
    /// <summary>Keeps the body of a delivery. Has no effect if the delivery already has one, because that one was sent first.</summary>
    void Insert(long delivery, RenderedBody body);

    /// <summary>Returns the body of a delivery; null if it has none.</summary>
    RenderedBody? Find(long delivery);
}
