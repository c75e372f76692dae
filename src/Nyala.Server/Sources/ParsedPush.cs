namespace Nyala.Server.Sources;

/// <summary>What a source makes of a request.</summary>
internal abstract record ParsedPush
{
    private const int MaxDelivery = 200;

    private ParsedPush()
    {
    }

    /// <summary>It is another's form.</summary>
    public sealed record NotRecognized : ParsedPush;

    /// <summary>It is this source's form, and something that it must hold is missing or wrong.</summary>
    public sealed record Malformed(string Reason) : ParsedPush;

    /// <summary>It is well-formed and asks for no deployment.</summary>
    public sealed record NoDeployment(string Why) : ParsedPush;

    /// <summary>The reading, with the id of the delivery from the first of these headers that is there.</summary>
    public ParsedPush WithDeliveryId(PushRequest request, params IEnumerable<string> headers)
    {
        if (this is not Deploy deploy || headers.FirstOrDefault(header => !string.IsNullOrWhiteSpace(request.Header(header))) is not { } named)
        {
            return this;
        }

        string id = request.Header(named)!.Trim();
        return id.Length > MaxDelivery
            ? new Malformed($"'{named}' has {id.Length} characters; at most {MaxDelivery} are taken.")
            : new Deploy(deploy.Payload with { Delivery = id });
    }

    /// <summary>It asks for this.</summary>
    public sealed record Deploy(PushPayload Payload) : ParsedPush;
}
