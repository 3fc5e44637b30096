using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Tests.Words;

public sealed class ShortTimeTests
{
    [Fact]
    public void A_time_is_what_it_was_and_none_is_none()
    {
        DateTimeOffset[] times =
        [
            DateTimeOffset.MinValue, DateTimeOffset.MaxValue, DateTimeOffset.UnixEpoch,
            new(2026, 3, 29, 2, 30, 0, 1, TimeSpan.FromHours(2)),
        ];

        Assert.Null(new ShortTime(null).Time);
        Assert.Null(default(ShortTime).Time);
        Assert.All(times, time => Assert.Equal((time.UtcDateTime, TimeSpan.Zero), Parts(new ShortTime(time).Time!.Value)));
    }

    private static (DateTime, TimeSpan) Parts(DateTimeOffset time) => (time.DateTime, time.Offset);
}
