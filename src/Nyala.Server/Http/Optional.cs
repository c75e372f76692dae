namespace Nyala.Server.Http;

/// <summary>A value that is set or not. The default is not set.</summary>
internal readonly record struct Optional<T>(T Value)
{
    private readonly bool _isSet = true;

    /// <summary>Returns the value if it is set; else <paramref name="old"/>.</summary>
    public T Or(T old) => _isSet ? Value : old;

    /// <summary>Whether the value is set.</summary>
    public bool IsSet => _isSet;
}
