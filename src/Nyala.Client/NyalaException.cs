using System.Net;

namespace Nyala.Client;

/// <summary>Thrown if the server refuses a request. The message is the server's reason.</summary>
public sealed class NyalaException : Exception
{
    internal NyalaException(HttpStatusCode status, string message)
        : base(message) => Status = status;

    /// <summary>The HTTP status of the response.</summary>
    public HttpStatusCode Status { get; }
}
