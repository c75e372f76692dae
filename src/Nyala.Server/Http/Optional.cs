namespace Nyala.Server.Http;

/// <summary>A value that somebody gave, or did not: the default is not given.</summary>
internal readonly record struct Optional<T>(T Value)
{
    private readonly bool _is = true;

    /// <summary>The value given, else <paramref name="old"/>.</summary>
    public T Or(T old) => _is ? Value : old;

    /// <summary>Whether it was given.</summary>
    public bool IsSet => _is;
}
