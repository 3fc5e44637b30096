namespace Rotunda.Leaks.Desk;

/// <summary>How many forms of values one caller may ask about: enough for a scanner's report, too few to try values out.</summary>
public sealed class LeakLimit(TimeProvider time)
{
    public const int Burst = 2_000;
    public const double PerSecond = 5;

    private const int Remembered = 10_000;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (double Left, long Seen)> _callers = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A report that has more than may be asked at once is taken after a rest, and what follows waits the longer.</summary>
    /// <param name="forms">A value has one for each way in which it is read.</param>
    /// <returns>Null if that many may be asked now; else after how many seconds.</returns>
    public int? Take(string caller, int forms)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (!_callers.TryGetValue(caller, out var allowance))
            {
                Forget(now);
                allowance = (Burst, now);
            }

            var left = Refilled(allowance, now);
            var enough = Math.Min(forms, Burst);
            if (left < enough)
            {
                _callers[caller] = (left, now);
                return Math.Max(1, (int)Math.Ceiling((enough - left) / PerSecond));
            }

            _callers[caller] = (left - forms, now);
            return null;
        }
    }

    private double Refilled((double Left, long Seen) allowance, long now) =>
        Math.Min(Burst, allowance.Left + Math.Max(0, time.GetElapsedTime(allowance.Seen, now).TotalSeconds * PerSecond));

    private void Forget(long now)
    {
        if (_callers.Count < Remembered)
        {
            return;
        }

        foreach (var (caller, allowance) in _callers)
        {
            if (Refilled(allowance, now) >= Burst)
            {
                _callers.Remove(caller);
            }
        }
    }
}
