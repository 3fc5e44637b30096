using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Cronos;
using Rotunda.Rotation.Catalog;

namespace Rotunda.Rotation.Scheduling;

/// <summary>When a secret is due by what its policy says of how often.</summary>
internal static class DueTimes
{
    private const int MostParsed = 1000;
    private static readonly ConcurrentDictionary<string, CronExpression> s_parsed = new(StringComparer.Ordinal);

    /// <summary>Null where the policy gives neither an interval nor moments, or the secret is not known yet.</summary>
    public static DateTimeOffset? Of(Policy policy, SecretSchedule schedule)
    {
        var due = Earliest(policy, schedule);
        return due + JitterAt(policy, due);
    }

    /// <summary>The same without the jitter, which only puts off; costs little.</summary>
    public static DateTimeOffset? Earliest(Policy policy, SecretSchedule schedule) =>
        (schedule.LastRotatedAt ?? schedule.AdoptedAt) is not { } since ? null
        : policy.Cron is { } cron ? Next(cron, since)
        : since + policy.Interval;

    private static DateTimeOffset? Next(CronRule cron, DateTimeOffset after) =>
        Parsed(cron.Expression)
            .GetNextOccurrence(after, TimeZoneInfo.FindSystemTimeZoneById(cron.TimeZone))?.ToUniversalTime();

    /// <summary>Each look asks for those of all secrets, and there are few.</summary>
    private static CronExpression Parsed(string expression)
    {
        if (s_parsed.TryGetValue(expression, out var known))
        {
            return known;
        }
        if (s_parsed.Count >= MostParsed)
        {
            s_parsed.Clear();
        }
        return s_parsed[expression] = CronExpression.Parse(expression);
    }

    /// <summary>The same for every look at the same run, and another one for the next.</summary>
    private static TimeSpan? JitterAt(Policy policy, DateTimeOffset? due)
    {
        if (due is not { } at || policy.Jitter <= TimeSpan.Zero)
        {
            return due is null ? null : TimeSpan.Zero;
        }
        return TimeSpan.FromSeconds(Math.Floor(Part(policy.Name, at) * policy.Jitter.TotalSeconds));
    }

    /// <summary>Between 0 and 1, by chance, and the same for every look at the same run of the secret.</summary>
    public static double Part(string secret, DateTimeOffset at) =>
        BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes($"{secret}@{at.UtcTicks}"))) / (double)uint.MaxValue;
}
