using System.Security.Cryptography;
using System.Text;
using Cronos;
using Rotunda.Rotation.Catalog;

namespace Rotunda.Rotation.Scheduling;

/// <summary>When a secret is due by what its policy says of how often.</summary>
internal static class DueTimes
{
    /// <summary>Null where the policy gives neither an interval nor moments, or the secret is not known yet.</summary>
    public static DateTimeOffset? Of(Policy policy, SecretSchedule schedule)
    {
        if ((schedule.LastRotatedAt ?? schedule.AdoptedAt) is not { } since)
        {
            return null;
        }
        var due = policy.Cron is { } cron ? Next(cron, since) : since + policy.Interval;
        return due + JitterAt(policy, due);
    }

    private static DateTimeOffset? Next(CronRule cron, DateTimeOffset after) =>
        CronExpression.Parse(cron.Expression)
            .GetNextOccurrence(after, TimeZoneInfo.FindSystemTimeZoneById(cron.TimeZone))?.ToUniversalTime();

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
