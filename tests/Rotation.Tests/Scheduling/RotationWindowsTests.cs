using System.Globalization;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Scheduling;

namespace Rotunda.Rotation.Tests.Scheduling;

public sealed class RotationWindowsTests
{
    [Theory]
    // Tuesday 2026-03-03, Berlin is UTC+1.
    [InlineData("09:00", "16:00", "2026-03-03T07:59Z", false, "2026-03-03T08:00Z")]
    [InlineData("09:00", "16:00", "2026-03-03T08:00Z", true, "2026-03-03T08:00Z")]
    [InlineData("09:00", "16:00", "2026-03-03T14:59Z", true, "2026-03-03T14:59Z")]
    [InlineData("09:00", "16:00", "2026-03-03T15:00Z", false, "2026-03-04T08:00Z")]
    // Past midnight.
    [InlineData("22:00", "02:00", "2026-03-03T00:30Z", true, "2026-03-03T00:30Z")]
    [InlineData("22:00", "02:00", "2026-03-03T01:00Z", false, "2026-03-03T21:00Z")]
    [InlineData("22:00", "00:00", "2026-03-03T22:59Z", true, "2026-03-03T22:59Z")]
    [InlineData("22:00", "00:00", "2026-03-03T23:00Z", false, "2026-03-04T21:00Z")]
    // Clocks go forward on 2026-03-29, 02:00 to 03:00 (01:00Z).
    [InlineData("02:30", "05:00", "2026-03-29T00:59Z", false, "2026-03-29T01:00Z")]
    [InlineData("02:30", "05:00", "2026-03-29T02:59Z", true, "2026-03-29T02:59Z")]
    [InlineData("02:30", "05:00", "2026-03-29T03:00Z", false, "2026-03-30T00:30Z")]
    [InlineData("01:00", "02:30", "2026-03-29T00:59Z", true, "2026-03-29T00:59Z")]
    [InlineData("01:00", "02:30", "2026-03-29T01:00Z", false, "2026-03-29T23:00Z")]
    [InlineData("02:10", "02:50", "2026-03-29T01:00Z", false, "2026-03-30T00:10Z")]
    // Clocks go back on 2026-10-25, 03:00 to 02:00 (01:00Z).
    [InlineData("02:30", "02:45", "2026-10-25T00:30Z", true, "2026-10-25T00:30Z")]
    [InlineData("02:30", "02:45", "2026-10-25T01:30Z", false, "2026-10-26T01:30Z")]
    [InlineData("02:30", "04:00", "2026-10-25T02:59Z", true, "2026-10-25T02:59Z")]
    [InlineData("02:30", "04:00", "2026-10-25T03:00Z", false, "2026-10-26T01:30Z")]
    public void A_window_opens_and_closes_by_the_local_clock(string from, string to, string now, bool open, string next)
    {
        var window = new RotationWindow(
            [],
            TimeOnly.Parse(from, CultureInfo.InvariantCulture),
            TimeOnly.Parse(to, CultureInfo.InvariantCulture),
            "Europe/Berlin");
        Assert.Equal(open, RotationWindows.IsOpen(window, At(now)));
        Assert.Equal(At(next), RotationWindows.NextOpening(window, At(now)));
    }

    [Fact]
    public void The_day_is_the_one_on_which_it_opens()
    {
        var window = new RotationWindow([DayOfWeek.Friday], new TimeOnly(22, 0), new TimeOnly(4, 0));
        Assert.True(RotationWindows.IsOpen(window, At("2026-03-07T03:00Z")));
        Assert.False(RotationWindows.IsOpen(window, At("2026-03-06T03:00Z")));
        Assert.Equal(At("2026-03-06T22:00Z"), RotationWindows.NextOpening(window, At("2026-03-03T03:00Z")));
    }

    [Fact]
    public void Days_are_local_days()
    {
        var window = new RotationWindow([DayOfWeek.Monday], new TimeOnly(1, 0), new TimeOnly(3, 0), "Pacific/Auckland");
        // Monday 01:30 in Auckland is Sunday noon in UTC.
        Assert.True(RotationWindows.IsOpen(window, At("2026-03-01T12:30Z")));
    }

    [Theory]
    [InlineData("Europe/Berlin")]
    [InlineData("America/New_York")]
    [InlineData("Australia/Lord_Howe")]
    [InlineData("Asia/Kathmandu")]
    [InlineData("UTC")]
    public void Opening_and_being_open_agree_all_year(string zone)
    {
        foreach (var (from, to) in new[] { (1, 3), (2, 3), (23, 2) })
        {
            var window = new RotationWindow([DayOfWeek.Sunday, DayOfWeek.Monday], new TimeOnly(from, 15), new TimeOnly(to, 45), zone);
            var opens = (DateTimeOffset?)null;
            for (var now = At("2026-01-01T00:00Z"); now < At("2027-01-01T00:00Z"); now += TimeSpan.FromMinutes(15))
            {
                if (RotationWindows.IsOpen(window, now))
                {
                    Assert.True(opens is null || opens <= now, $"{zone} {from}: open at {now:O} though it opens at {opens:O}");
                    opens = null;
                    continue;
                }
                opens ??= RotationWindows.NextOpening(window, now);
                Assert.True(opens > now && RotationWindows.IsOpen(window, opens.Value), $"{zone} {from}: {now:O} {opens:O}");
            }
        }
    }

    [Fact]
    public void It_is_described_for_people() =>
        Assert.Equal(
            "Mon, Tue 09:00-16:00 Europe/Berlin",
            RotationWindows.Describe(new RotationWindow(
                [DayOfWeek.Monday, DayOfWeek.Tuesday],
                new TimeOnly(9, 0),
                new TimeOnly(16, 0),
                "Europe/Berlin")));

    private static DateTimeOffset At(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
