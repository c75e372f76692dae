namespace Nyala.Server.Outbound;

/// <summary>Decides which phone numbers a hook may have: international numbers, as E.164 writes them. Pure.</summary>
internal static class PhoneNumber
{
    private const int MinDigits = 7;
    private const int MaxDigits = 15;

    public static bool IsValid(string number) => Parse(number, out _) == number;

    /// <summary>Returns the number as <c>+</c> and digits; null, with the reason, if it is not accepted. The visual separators of RFC 3966 are removed.</summary>
    public static string? Parse(string text, out string reason)
    {
        string digits = new([.. text.Skip(1).Where(c => c is not ('-' or '.' or '(' or ')'))]);
        reason = text.Length == 0 || text[0] != '+' ? "the number must be international: + and the country code, for example +4512345678."
            : !digits.All(char.IsAsciiDigit) ? "the number must contain only digits after the +."
            : digits[..Math.Min(1, digits.Length)] == "0" ? "no country code starts with 0."
            : digits.Length is < MinDigits or > MaxDigits ? $"the number must have {MinDigits} to {MaxDigits} digits."
            : "";
        return reason.Length == 0 ? "+" + digits : null;
    }
}
