namespace Rotunda.Rotation.Catalog;

/// <summary>Whom each secret waits for must be there, and no two may wait for each other.</summary>
internal static class OrderRules
{
    public static void Check(WholeCatalog all, CatalogProblems problems)
    {
        var (policies, circles) = (all.Policies, CirclesOf(all.Policies));
        // Each secret of a group has its order; what is wrong with it is told once.
        var told = new HashSet<(string Group, string Secret)>();
        foreach (var (name, policy) in policies)
        {
            if (policy.After is { } after)
            {
                CheckAfter(name, after, circles.Contains(name), all, problems);
            }
            foreach (var other in policy.Group?.Order ?? [])
            {
                if (policies.GetValueOrDefault(other)?.Group?.Name != policy.Group!.Name && (all.IsWhole || policies.ContainsKey(other))
                    && told.Add((policy.Group.Name, other)))
                {
                    problems.Add(
                        all[name].Of("group"),
                        $"{name}.group: the order of group \"{policy.Group.Name}\" names {other}, which is "
                            + (policies.ContainsKey(other) ? "not in it. Add it to the group, or take it out of the order."
                                : $"no secret of the catalog. {all.Suggest(other)} Or take it out of the order under groups."));
                }
            }
        }
    }

    private static void CheckAfter(string name, PrecedingSecret after, bool isInCircle, WholeCatalog all, CatalogProblems problems)
    {
        if (!all.Policies.TryGetValue(after.Secret, out var first))
        {
            if (all.IsWhole)
            {
                problems.Add(
                    all[name].Of("after"),
                    $"{name}.after: there is no secret \"{after.Secret}\". {all.Suggest(after.Secret)}");
            }
        }
        else if (isInCircle)
        {
            problems.Add(
                all[name].Of("after"),
                $"{name}.after: {after.Secret} waits for {name} in turn, so neither would ever rotate. Remove one of the two.");
        }
        else if (first is { Interval: null, Cron: null } && all.Policies[name] is not { Interval: null, Cron: null })
        {
            problems.Warn(
                all[name].Of("after"),
                $"{name}.after: {after.Secret} rotates on request only, so each rotation of {name} waits for a person to start that one.");
        }
    }

    /// <summary>Each secret is walked through once: a chain may be as long as the catalog.</summary>
    private static HashSet<string> CirclesOf(IReadOnlyDictionary<string, Policy> policies)
    {
        var circles = new HashSet<string>(StringComparer.Ordinal);
        var walkOf = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (walk, start) in policies.Values.Where(policy => policy.After is not null).Index())
        {
            string? Next(string name) => policies.GetValueOrDefault(name)?.After?.Secret;
            var at = start.Name;
            while (at is not null && walkOf.TryAdd(at, walk))
            {
                at = Next(at);
            }
            if (at is not null && walkOf[at] == walk)
            {
                for (var one = at; circles.Add(one); one = Next(one)!)
                {
                }
            }
        }
        return circles;
    }
}
