namespace Nyala.Server.Sources;

/// <summary>The result of reading a request as one source.</summary>
internal abstract record ParsedPush
{
    private const int MaxDelivery = 200;

    private ParsedPush()
    {
    }

    /// <summary>The request does not have the form of this source.</summary>
    public sealed record NotRecognized : ParsedPush;

    /// <summary>The request has the form of this source, but a required value is missing or wrong.</summary>
    public sealed record Malformed(string Reason) : ParsedPush;

    /// <summary>The request is well-formed, but asks for no deployment.</summary>
    public sealed record NoDeployment(string Why) : ParsedPush;

    /// <summary>Returns the reading with the id of the delivery, which is read from the first of these headers that is present.</summary>
    public ParsedPush WithDeliveryId(PushRequest request, params IEnumerable<string> headers)
    {
        if (this is not Deploy deploy || headers.FirstOrDefault(header => !string.IsNullOrWhiteSpace(request.Header(header))) is not { } named)
        {
            return this;
        }

        string id = request.Header(named)!.Trim();
        return id.Length > MaxDelivery
            ? new Malformed($"'{named}' has {id.Length} characters; the maximum is {MaxDelivery}.")
            : new Deploy(deploy.Payload with { Delivery = id });
    }

    /// <summary>The request asks for this deployment.</summary>
    public sealed record Deploy(PushPayload Payload) : ParsedPush;
}
