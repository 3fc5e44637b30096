using System.Text;
using Rotunda.Server.Commands;

namespace Rotunda.Server.Tests;

public sealed class TypedLineTests
{
    [Theory]
    [InlineData("value\r", "value")]
    [InlineData("value\n and more", "value")]
    [InlineData("valüü\u007f\u007fue\r", "value")]
    [InlineData("\b\u007fval\u0001u\te\r", "value")]
    [InlineData("val\u001b[D\u001b[1;5Cue\u001b[3~\r", "value")]
    [InlineData("\u001bOAvalue\r", "value")]
    [InlineData("wrong\u0015value\u0004", "value")]
    [InlineData("\r", null)]
    [InlineData("x\u007f\u0004", null)]
    public void Keys_that_are_no_part_of_a_value_do_not_become_one(string keys, string? expected)
    {
        var bytes = Encoding.UTF8.GetBytes(keys);
        foreach (var atOnce in new[] { 1, 3, bytes.Length })
        {
            var line = new TypedLine();
            Assert.NotEmpty(bytes.Chunk(atOnce).SkipWhile(chunk => !line.IsOverAfter(chunk)));
            using var value = line.Take();
            Assert.Equal(expected, value?.RevealText());
            Assert.Null(line.Take());
        }
    }
}
