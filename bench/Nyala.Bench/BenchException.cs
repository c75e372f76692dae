namespace Nyala.Bench;

/// <summary>A run that proves nothing: the message says what went wrong.</summary>
internal sealed class BenchException(string message) : Exception(message);
