namespace Rotunda.Rotation.Words;

/// <summary>A time in UTC, or none, in a third of the memory of the usual type: there are several of each of very many secrets.</summary>
public readonly record struct ShortTime
{
    /// <summary>One more than its ticks; 0 for none.</summary>
    private readonly long _ticks;

    public ShortTime(DateTimeOffset? time) => _ticks = time is { } at ? at.UtcTicks + 1 : 0;

    public DateTimeOffset? Time => _ticks == 0 ? null : new DateTimeOffset(_ticks - 1, TimeSpan.Zero);
}
