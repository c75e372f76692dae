namespace Nyala.Server.Sources;

/// <summary>What a source makes of a request.</summary>
internal abstract record PushReading
{
    private PushReading()
    {
    }

    /// <summary>It is another's form.</summary>
    public sealed record NotMine : PushReading;

    /// <summary>It is this source's form, and something that it must hold is missing or wrong.</summary>
    public sealed record Malformed(string Reason) : PushReading;

    /// <summary>It is well-formed and asks for no deployment.</summary>
    public sealed record Nothing(string Why) : PushReading;

    /// <summary>It asks for this.</summary>
    public sealed record Deploy(PushPayload Payload) : PushReading;
}
