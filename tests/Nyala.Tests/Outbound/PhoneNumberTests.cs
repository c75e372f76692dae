using CsCheck;
using Nyala.Server.Outbound;

namespace Nyala.Tests.Outbound;

public sealed class PhoneNumberTests
{
    [Theory]
    [InlineData("+4512345678", "+4512345678")]
    [InlineData("+1-500-555-0006", "+15005550006")]
    [InlineData("+1(500)555.0006", "+15005550006")]
    [InlineData("4512345678", null)]
    [InlineData("12345678", null)]
    [InlineData("+45 12345678", null)]
    [InlineData("+0512345678", null)]
    [InlineData("+45123", null)]
    [InlineData("+4512345678901234", null)]
    [InlineData("+4512345678;ext=1", null)]
    [InlineData("+45١٢٣٤٥٦٧٨", null)]
    [InlineData("+", null)]
    [InlineData("", null)]
    public void A_number_is_international_and_only_separators_are_removed(string text, string? number)
    {
        Assert.Equal(number, PhoneNumber.Parse(text, out string reason));
        Assert.Equal(number is null, reason.Length > 0);
    }

    [Fact]
    public void An_accepted_number_is_accepted_as_it_is_written() => Gen.String[Gen.Char["+0123456789-.() \r\nx"], 0, 20].Sample(text =>
        Assert.True(PhoneNumber.Parse("+" + text, out _) is not { } number || (PhoneNumber.IsValid(number) && number.Skip(1).All(char.IsAsciiDigit))));
}
