using Rotunda.Providers.Contract;
using Rotunda.Testing.ProviderConformance;

namespace Rotunda.Activities.Tests.Providers;

public sealed class ProviderSettingsTests
{
    [Theory]
    [InlineData("30s", 30)]
    [InlineData("15m", 900)]
    [InlineData("1d12h", 129_600)]
    public void Durations_are_read(string text, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Of(text).Duration("timeout", TimeSpan.Zero));

    [Theory]
    [InlineData("")]
    [InlineData("30")]
    [InlineData("12h1d")]
    [InlineData("-1s")]
    public void What_is_no_duration_is_refused(string text) =>
        Assert.Throws<SettingInvalidException>(() => Of(text).Duration("timeout", TimeSpan.Zero));

    [Fact]
    public void A_duration_left_out_is_the_default() =>
        Assert.Equal(TimeSpan.FromSeconds(7), Of("1s").Duration("other", TimeSpan.FromSeconds(7)));

    private static ProviderSettings Of(string text) =>
        new(new() { ["timeout"] = text }, new FixedReferences(new Dictionary<string, string>()));
}
