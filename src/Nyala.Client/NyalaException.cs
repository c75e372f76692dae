using System.Net;

namespace Nyala.Client;

/// <summary>A server's refusal, with its reason as the message.</summary>
public sealed class NyalaException : Exception
{
    internal NyalaException(HttpStatusCode status, string message)
        : base(message) => Status = status;

    /// <summary>The HTTP status of the answer.</summary>
    public HttpStatusCode Status { get; }
}
