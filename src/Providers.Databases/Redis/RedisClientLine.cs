using System.Globalization;

namespace Rotunda.Providers.Databases.Redis;

/// <summary>One line of <c>CLIENT LIST</c>.</summary>
/// <param name="Age">How long it has been connected, in whole seconds.</param>
/// <param name="IsReplica">A replica that follows the node.</param>
internal sealed record RedisClientLine(string User, string Name, string Address, TimeSpan Age, bool IsReplica)
{
    /// <summary>What a Sentinel calls its connections.</summary>
    public bool IsSentinel => Name.StartsWith("sentinel-", StringComparison.Ordinal);

    public static IEnumerable<RedisClientLine> Read(string list)
    {
        foreach (var line in list.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = line.TrimEnd('\r').Split(' ').Select(field => field.Split('=', 2)).Where(pair => pair.Length == 2)
                .GroupBy(pair => pair[0], StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First()[1], StringComparer.Ordinal);
            yield return new(
                fields.GetValueOrDefault("user", ""),
                fields.GetValueOrDefault("name", ""),
                fields.GetValueOrDefault("addr", ""),
                TimeSpan.FromSeconds(long.TryParse(fields.GetValueOrDefault("age"), CultureInfo.InvariantCulture, out var age) ? age : 0),
                fields.GetValueOrDefault("flags", "").Contains('S'));
        }
    }
}
