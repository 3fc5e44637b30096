namespace Rotunda.Rotation.Words;

/// <summary>Local times as moments. One that daylight saving skips counts as the moment after the gap, one that comes twice as its
/// first coming.</summary>
public static class LocalTime
{
    /// <returns>In UTC.</returns>
    public static DateTimeOffset At(TimeZoneInfo zone, DateTime local)
    {
        if (zone.IsInvalidTime(local))
        {
            // Gaps are whole minutes. The offset before the gap, applied to its first valid minute after, is off by the gap.
            do
            {
                local = local.AddMinutes(1);
            }
            while (zone.IsInvalidTime(local));
            local = local.AddTicks(-(local.Ticks % TimeSpan.TicksPerMinute));
        }
        // Of two offsets the greater is the earlier instant.
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }
}
