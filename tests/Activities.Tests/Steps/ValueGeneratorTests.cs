using Rotunda.Activities.Steps;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Steps;

public sealed class ValueGeneratorTests
{
    [Theory]
    [InlineData(ValueFormat.Text, 40, "^[A-Za-z0-9]{40}$")]
    [InlineData(ValueFormat.Hex, 16, "^[0-9a-f]{32}$")]
    [InlineData(ValueFormat.Base64, 32, "^[A-Za-z0-9+/]{43}=$")]
    [InlineData(ValueFormat.Base64Url, 32, "^[A-Za-z0-9_-]{43}$")]
    [InlineData(ValueFormat.Uuid, 0, "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")]
    public void A_value_has_the_format_of_its_rule(ValueFormat format, int length, string pattern)
    {
        var seen = new HashSet<string>();
        for (var i = 0; i < 50; i++)
        {
            using var value = ValueGenerator.Generate(new ValueRule(format, length));
            Assert.Matches(pattern, value.RevealText());
            Assert.True(seen.Add(value.RevealText()));
        }
    }

    [Fact]
    public void A_prefix_stands_in_front()
    {
        using var value = ValueGenerator.Generate(new ValueRule(ValueFormat.Hex, 8, Prefix: "whsec_"));
        Assert.Matches("^whsec_[0-9a-f]{16}$", value.RevealText());
    }

    [Fact]
    public void Each_character_of_the_alphabet_is_as_likely_as_the_others()
    {
        const string Alphabet = "abcde";
        using var value = ValueGenerator.Generate(new ValueRule(ValueFormat.Text, 100_000, Alphabet + "aaa"));
        var counts = value.RevealText().GroupBy(c => c).ToDictionary(g => g.Key, g => g.Count());
        Assert.Equal(Alphabet.Order(), counts.Keys.Order());
        // Chi-squared with 4 degrees of freedom: beyond 30 once in 200,000 runs.
        Assert.True(counts.Values.Sum(count => Math.Pow(count - 20_000, 2) / 20_000) < 30);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("xx")]
    public void An_alphabet_without_a_choice_is_refused(string alphabet) =>
        Assert.Throws<ArgumentException>(() => ValueGenerator.Generate(new ValueRule(ValueFormat.Text, 10, alphabet)));
}
