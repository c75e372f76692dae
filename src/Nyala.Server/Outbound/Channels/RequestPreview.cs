namespace Nyala.Server.Outbound.Channels;

/// <summary>What an attempt would send.</summary>
/// <param name="Method">The method, or the channel's word for it.</param>
/// <param name="Url">Where it would be sent, without credentials of its own.</param>
/// <param name="Headers">The headers, one per line, with secrets masked.</param>
internal readonly record struct RequestPreview(string Method, string Url, string Headers)
{
    /// <summary>The body, if the channel makes another one of what the format renders; otherwise null.</summary>
    public string? Body { get; init; }
}
