using Nyala.Server.Events;

namespace Nyala.Tests.Events;

public sealed class EventTypeRuleTests
{
    [Theory]
    [InlineData("PostDeployment", true)]
    [InlineData("com.example:thing-1_x", true)]
    [InlineData(".x", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("*", false)]
    [InlineData("a b", false)]
    [InlineData("a/b", false)]
    [InlineData("a\r\nX-Header: 1", false)]
    [InlineData("é", false)]
    [InlineData("a%20b", false)]
    public void A_type_has_only_characters_that_are_safe_in_a_path_and_a_header(string? type, bool valid) => Assert.Equal(valid, EventType.IsValid(type));

    [Fact]
    public void A_type_has_at_most_128_characters()
    {
        Assert.True(EventType.IsValid(new string('a', 128)));
        Assert.False(EventType.IsValid(new string('a', 129)));
    }
}
