using System.Diagnostics.CodeAnalysis;

namespace Nyala.Server.Events;

/// <summary>The form of an event's type. It is plain ASCII, because it is sent in a path and in a header.</summary>
internal static class EventType
{
    private const int MaxLength = 128;

    /// <summary>The form, as error messages state it.</summary>
    public const string Rule = "1 to 128 letters, digits, '.', '_', ':' or '-'";

    /// <summary>Whether <paramref name="type"/> conforms to <see cref="Rule"/>.</summary>
    public static bool IsValid([NotNullWhen(true)] string? type) =>
        type is { Length: > 0 and <= MaxLength } && type.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or ':' or '-');
}
