using System.Net;

namespace Nyala.Client;

/// <summary>The server refused a request; the message is its reason.</summary>
public sealed class NyalaException : Exception
{
    internal NyalaException(HttpStatusCode status, string message)
        : base(message) => Status = status;

    /// <summary>The HTTP status of the answer.</summary>
    public HttpStatusCode Status { get; }
}
