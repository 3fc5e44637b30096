using Rotunda.Interpreter;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Tests.Orchestrations;

public sealed class BackoffTests
{
    private static readonly RetryBudget s_budget = new(6, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(60));

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 10)]
    [InlineData(4, 40)]
    [InlineData(5, 60)]
    [InlineData(5000, 60)]
    public void Grows_up_to_its_cap_within_a_fifth(int attempts, double seconds)
    {
        var pauses =
            Enumerable.Range(0, 200).Select(i => Backoff.Pause(s_budget, attempts, null, emergency: false, Id(i)).TotalSeconds).ToList();

        Assert.All(pauses, p => Assert.InRange(p, seconds * 0.8, seconds * 1.2));
        Assert.InRange(pauses.Average(), seconds * 0.95, seconds * 1.05);
        Assert.True(pauses.Distinct().Count() > 150);
    }

    [Fact]
    public void The_same_id_gives_the_same_pause() =>
        Assert.Equal(Backoff.Pause(s_budget, 1, null, false, Id(7)), Backoff.Pause(s_budget, 1, null, false, Id(7)));

    [Fact]
    public void The_span_is_the_sum_of_the_pauses() => Assert.Equal(TimeSpan.FromSeconds(5 + 10 + 20 + 40 + 60), Backoff.Span(s_budget));

    [Theory]
    [InlineData("30s", 30)]
    [InlineData("15m", 900)]
    [InlineData("1d12h", 129600)]
    [InlineData("0s", 0)]
    [InlineData("1.12:00:00", 129600)]
    public void Reads_durations(string text, int seconds)
    {
        Assert.True(DurationText.TryParsePlanned(text, out var duration));
        Assert.Equal(TimeSpan.FromSeconds(seconds), duration);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("12")]
    [InlineData("soon")]
    [InlineData("-1h")]
    [InlineData("-1.00:00:00")]
    [InlineData("99999999999999999999d")]
    public void Refuses_what_is_no_duration(string? text) => Assert.False(DurationText.TryParsePlanned(text, out _));

    private static Guid Id(int number) => new(System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes(number)).AsSpan(0, 16));
}
