using System.Buffers;

namespace Nyala.Server.Secrets;

/// <summary>
/// Finds values in texts. All values are searched at once by their first characters, so that a text without any of them takes one vectorized pass.
/// </summary>
internal sealed class MaskedValues
{
    /// <summary>The number of characters by which values are searched. With fewer, every URL in a log would be compared with every URL among the values.</summary>
    private const int StartLength = 16;

    private readonly SearchValues<string> _starts;
    private readonly Dictionary<string, string[]>.AlternateLookup<ReadOnlySpan<char>> _formsByStart;

    private MaskedValues(Dictionary<string, string[]> formsByStart)
    {
        string[] starts = [.. formsByStart.Values.SelectMany(forms => forms).Select(form => form[..Math.Min(form.Length, StartLength)]).Distinct(StringComparer.Ordinal)];
        _starts = SearchValues.Create(starts, StringComparison.Ordinal);
        _formsByStart = formsByStart.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Prepares a search for values and their encoded forms. Returns null if no value is long enough.</summary>
    public static MaskedValues? Of(IEnumerable<string> values)
    {
        Dictionary<string, string[]> formsByStart = values.SelectMany(MaskedForms.Of)
            .Distinct(StringComparer.Ordinal)
            .GroupBy(form => form[..TextMask.MinLength], StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.OrderByDescending(form => form.Length).ToArray(), StringComparer.Ordinal);
        return formsByStart.Count == 0 ? null : new MaskedValues(formsByStart);
    }

    /// <summary>Adds each part of a text that is one of the values.</summary>
    public void Find(ReadOnlySpan<char> text, ref List<MaskedPart>? parts)
    {
        // The search continues at the next character, not after the match, because values can overlap.
        for (int at = 0, next; (next = text[at..].IndexOfAny(_starts)) >= 0; at++)
        {
            at += next;
            if (LengthAt(text[at..]) is > 0 and int length)
            {
                MaskedPart.Add(ref parts, at, at + length);
            }
        }
    }

    /// <summary>Returns the length of the longest value that the text starts with; 0 if there is none.</summary>
    private int LengthAt(ReadOnlySpan<char> text)
    {
        foreach (string form in _formsByStart[text[..TextMask.MinLength]])
        {
            if (text.StartsWith(form, StringComparison.Ordinal))
            {
                return form.Length;
            }
        }

        return 0;
    }
}
