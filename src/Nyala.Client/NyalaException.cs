using System.Net;

namespace Nyala.Client;

/// <summary>Thrown if the server refuses a request. The message is the server's reason.</summary>
public sealed class NyalaException : Exception
{
    internal NyalaException(HttpStatusCode status, string message, IReadOnlyList<PublishedLine>? lines = null)
        : base(message) => (Status, Lines) = (status, lines ?? []);

    /// <summary>The HTTP status of the response.</summary>
    public HttpStatusCode Status { get; }

    /// <summary>The refused lines of a request that publishes many events, at most 20; empty for other requests.</summary>
    public IReadOnlyList<PublishedLine> Lines { get; }
}
