using System.Diagnostics.CodeAnalysis;

namespace Nyala.Server.Events;

/// <summary>The form of an event's type. It stands in a path and in a header, so it is plain ASCII.</summary>
internal static class EventType
{
    private const int MaxLength = 128;

    /// <summary>What a refusal says of the form.</summary>
    public const string Rule = "letters, digits, '.', '_', ':' and '-', at most 128 characters";

    /// <summary>Whether <paramref name="type"/> is of the form of <see cref="Rule"/>.</summary>
    public static bool IsValid([NotNullWhen(true)] string? type) =>
        type is { Length: > 0 and <= MaxLength } && type.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or ':' or '-');
}
