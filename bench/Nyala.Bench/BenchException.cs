namespace Nyala.Bench;

/// <summary>Thrown if a run proves nothing. The message says what went wrong.</summary>
internal sealed class BenchException(string message) : Exception(message);
