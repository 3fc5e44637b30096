using System.Text;
using Rotunda.Providers.Databases.PgBouncer;
using Rotunda.Providers.Delivery;

namespace Rotunda.Activities.Tests.Providers.PgBouncer;

public sealed class UserListTextTests
{
    [Theory]
    [InlineData("", "\"app\" \"new\"\n")]
    [InlineData("\"x\" \"y\"", "\"x\" \"y\"\n\"app\" \"new\"")]
    [InlineData("\"x\" \"y\"\r\n", "\"x\" \"y\"\r\n\"app\" \"new\"\n")]
    [InlineData("; c\n  \"app\"   \"old\" ; why\r\n\"x\" \"\"\n", "; c\n  \"app\" \"new\" ; why\r\n\"x\" \"\"\n")]
    [InlineData("\"app\" \"one\"\n\"x\" \"y\"\n\"app\" \"two\"", "\"app\" \"new\"\n\"x\" \"y\"\n\"app\" \"new\"")]
    [InlineData("\"\"\"app\"\"\" \"a\"\n;\"app\" \"b\"\n", "\"\"\"app\"\"\" \"a\"\n;\"app\" \"b\"\n\"app\" \"new\"\n")]
    public void A_user_s_lines_are_set_and_given_back_and_no_other_byte_moves(string before, string after)
    {
        var text = UserListText.Parse(Encoding.UTF8.GetBytes(before));
        var lines = text.Lines("app");
        text.Set("app", "new");
        Assert.Equal(after, Encoding.UTF8.GetString(text.ToBytes()));
        Assert.Equal("new", text.Secret("app"));

        var again = UserListText.Parse(text.ToBytes());
        again.Restore("app", lines);
        Assert.Equal(before, Encoding.UTF8.GetString(again.ToBytes()));
    }

    [Fact]
    public void Quotes_and_other_alphabets_survive()
    {
        byte[] before = [.. "\"gr\u00fc\u00df\"\"e\" \"a\"\"b\"\n"u8, 0x22, 0xff, 0x22, 0x20, 0x22, 0xfe, 0x22, 0x0a];
        var text = UserListText.Parse(before);

        Assert.Equal("a\"b", text.Secret("gr\u00fc\u00df\"e"));
        Assert.Equal(before, text.ToBytes());
    }

    [Theory]
    [InlineData("\"a\" \"b\"\napp secret\n", 2)]
    [InlineData("\"a\" \"b\n", 1)]
    [InlineData("# no comment here\n", 1)]
    public void A_line_at_which_the_pooler_would_stop_is_named(string text, int line)
    {
        var problem = Assert.Throws<DeliveryException>(() => UserListText.Parse(Encoding.UTF8.GetBytes(text)));

        Assert.Contains($"Line {line} ", problem.Message);
        Assert.DoesNotContain("secret\n", problem.Message);
    }
}
