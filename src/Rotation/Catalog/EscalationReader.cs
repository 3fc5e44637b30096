using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Catalog;

/// <summary>Reads who is told besides, where nobody answers.</summary>
internal static class EscalationReader
{
    /// <param name="end">When the rotation asks no longer; null for never.</param>
    public static EscalationPolicy? Read(CatalogMap parent, TimeSpan? end)
    {
        if (parent.Map("escalate", CatalogWords.Escalate) is not { } map)
        {
            return null;
        }
        var (after, to) = (map.Duration("after", required: true), map.Texts("to") ?? []);
        if (to.Count == 0 && map.IsGood("to"))
        {
            map.Problem("to", "names no channel. Name at least one of those under \"notices\".");
        }
        if (after >= end)
        {
            map.Problem("after", $"nothing is asked any more by then: the rotation waits for {DurationText.Format(end.Value)}. Give less.");
        }
        return after is { } time && to.Count > 0 ? new EscalationPolicy(time, to) : null;
    }

    /// <summary>The channels are read after the secrets.</summary>
    public static void Check(NoticePolicy? notices, WholeCatalog all, CatalogProblems problems)
    {
        var unknown = all.Policies.Values
            .Where(secret => (secret.Approval?.Escalate ?? secret.Ask?.Escalate) is not null)
            .SelectMany(secret => new[] { secret.Approval?.Escalate, secret.Ask?.Escalate }.OfType<EscalationPolicy>()
                .SelectMany(escalate => escalate.To).Select(channel => (Channel: channel, Secret: secret.Name)))
            .Where(one => notices?.Channels.ContainsKey(one.Channel) != true)
            .DistinctBy(one => one.Channel, StringComparer.Ordinal);
        foreach (var (channel, secret) in unknown)
        {
            problems.Add(
                all[secret].Spot,
                $"secrets: {secret} escalates to the channel \"{Text.Short(channel)}\", which is not under \"notices\". "
                    + $"{(notices is null ? "" : Suggestion.For(channel, notices.Channels.Keys) + " ")}Add it, or name another one.");
        }
    }
}
