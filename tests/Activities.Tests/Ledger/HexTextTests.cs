using Rotunda.Ledger;

namespace Rotunda.Activities.Tests.Ledger;

/// <summary>A salt is the text that it was, however it is held.</summary>
public sealed class HexTextTests
{
    [Theory]
    [InlineData("00000000000000000000000000000000")]
    [InlineData("0123456789abcdef0123456789abcdef")]
    [InlineData("ffffffffffffffffffffffffffffffff")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF")]
    [InlineData("0123456789abcdef0123456789abcde")]
    [InlineData("0123456789abcdef0123456789abcdef0")]
    [InlineData(" 123456789abcdef0123456789abcdef")]
    [InlineData("a salt of another kind, 32 long!")]
    [InlineData("")]
    public void Every_text_is_what_it_was(string text)
    {
        Assert.Equal(text, new HexText(text).ToString());
        Assert.Equal(new HexText(text), new HexText(text));
    }
}
