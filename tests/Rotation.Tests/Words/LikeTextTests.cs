using System.Text;
using Rotunda.Yaml;

namespace Rotunda.Rotation.Tests.Words;

/// <summary>A text of which only what differs from another one is held is the same text.</summary>
public sealed class LikeTextTests
{
    [Fact]
    public void Whatever_it_is_like_it_is_the_same_text()
    {
        var random = new Random(7);
        LikeText? last = null;
        for (var turn = 0; turn < 2000; turn++)
        {
            var text = Text(random);

            var held = new LikeText(text, last);

            Assert.Equal(text, held.ToBytes());
            last = random.Next(10) == 0 ? null : held;
        }
    }

    [Theory]
    [InlineData("path: ./a.env", "path: ./a.env", true)]
    [InlineData("path: ./b.env", "path: ./b.env", true)]
    [InlineData("path: ./b.env", "path: ./c.env", false)]
    [InlineData("path: ./a.env", "path: ./b.env", false)]
    [InlineData("", "", true)]
    [InlineData("aa", "aaa", false)]
    public void Two_are_equal_if_their_texts_are(string one, string other, bool areEqual)
    {
        var like = new LikeText("path: ./a.env"u8);
        var (first, second) = (new LikeText(Encoding.UTF8.GetBytes(one), like), new LikeText(Encoding.UTF8.GetBytes(other), like));

        Assert.Equal(areEqual, first.Equals(second));
        Assert.True(!areEqual || first.GetHashCode() == second.GetHashCode());
    }

    private static byte[] Text(Random random) => Encoding.UTF8.GetBytes(
        $"{{\"path\":\"/opt/apps/{random.Next(5)}{new string('a', random.Next(4))}é.env\",\"keys\":{{{new string('x', random.Next(60))}}}}}"
            [random.Next(3)..]);
}
