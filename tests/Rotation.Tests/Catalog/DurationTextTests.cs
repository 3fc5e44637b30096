using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Tests.Catalog;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("30s", 30)]
    [InlineData("15m", 900)]
    [InlineData("2h", 7200)]
    [InlineData("7d", 604800)]
    [InlineData("1d12h", 129600)]
    [InlineData("90m", 5400)]
    [InlineData("0s", 0)]
    public void Durations_are_read(string text, double seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), DurationText.Parse(text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("-5s")]
    [InlineData("1.5h")]
    [InlineData("12h1d")]
    [InlineData("1h1h")]
    [InlineData("5 m")]
    [InlineData("5M")]
    [InlineData("500ms")]
    [InlineData("00:05:00")]
    [InlineData("3651d")]
    [InlineData("9999999999s")]
    [InlineData("٣s")]
    public void Everything_else_is_refused(string? text) => Assert.False(DurationText.TryParse(text, out _));

    [Fact]
    public void What_is_formatted_is_read_as_the_same()
    {
        for (var i = 0L; i < 300_000_000; i = (i * 3) + 7)
        {
            var duration = TimeSpan.FromSeconds(i);
            Assert.Equal(duration, DurationText.Parse(DurationText.Format(duration)));
        }
    }

    [Theory]
    [InlineData("env:A_1", "env:A_1")]
    [InlineData("file:a/b", "file:/etc/a/b")]
    [InlineData("file:../b#K.1", "file:/b#K.1")]
    [InlineData("file:/x#y#K", "file:/x#y#K")]
    [InlineData("store:orders-db", "store:orders-db")]
    [InlineData("key-vault:Name-1", "key-vault:Name-1")]
    [InlineData("key-vault:team-vault/Name-1", "key-vault:team-vault/Name-1")]
    public void References_are_read_and_made_absolute(string text, string absolute)
    {
        Assert.True(SecretReference.TryParse(text, out var reference));
        Assert.Equal(absolute, reference.In("/etc").ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("env")]
    [InlineData("env:")]
    [InlineData("env:A-B")]
    [InlineData("ENV:A")]
    [InlineData("file:")]
    [InlineData("file:#K")]
    [InlineData("file:a#")]
    [InlineData("file:a/")]
    [InlineData("store:a b")]
    [InlineData("key-vault:a_b")]
    [InlineData("key-vault:a.b/c")]
    [InlineData("key-vault:/c")]
    [InlineData("key-vault:a/")]
    [InlineData("key-vault:a/b/c")]
    [InlineData("key-vault:a-name-of-a-vault-that-is-too-long/c")]
    [InlineData("vault:a")]
    public void Malformed_references_are_refused(string? text) => Assert.False(SecretReference.TryParse(text, out _));
}
