using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>What one plan does otherwise than an earlier one of the same secret, for the person who approves it.</summary>
public static class PlanChanges
{
    public static IReadOnlyList<string> Between(RotationPlan before, RotationPlan now)
    {
        var changes = new List<string>();
        Add(changes, "Provider", ProviderOf(before)?.Type, ProviderOf(now)?.Type);
        Add(changes, "Store", before.Store, now.Store);
        Add(changes, "Value", Describe(before.Value), Describe(now.Value));
        changes.AddRange(Sets("target", Parts(before, IsTarget), Parts(now, IsTarget)));
        changes.AddRange(Sets("consumer", Parts(before, IsConsumer), Parts(now, IsConsumer)));
        changes.AddRange(Settings(before, now));
        foreach (var kind in (ReadOnlySpan<string>)[StepKinds.Grace, StepKinds.Evidence, StepKinds.Wait])
        {
            Add(changes, Named(kind), Durations(before, kind), Durations(now, kind));
        }

        Add(changes, "Asks a person", Questions(before), Questions(now));
        changes.AddRange(now.Warnings.Except(before.Warnings, StringComparer.Ordinal).Select(warning => $"New note: {warning}"));
        return changes;
    }

    private static void Add(List<string> changes, string what, string? before, string? now)
    {
        if (before != now)
        {
            changes.Add($"{what}: {before ?? "none"} → {now ?? "none"}");
        }
    }

    private static IEnumerable<string> Sets(string what, HashSet<string> before, HashSet<string> now) =>
        now.Except(before).Order(StringComparer.Ordinal).Select(name => $"New {what}: {name}")
            .Concat(before.Except(now).Order(StringComparer.Ordinal).Select(name => $"No longer a {what}: {name}"));

    /// <summary>Settings hold references, never values; still only their names are told.</summary>
    private static IEnumerable<string> Settings(RotationPlan before, RotationPlan now)
    {
        var earlier = Bindings(before);
        foreach (var (name, binding) in Bindings(now).OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            if (earlier.TryGetValue(name, out var old) && Differing(old, binding) is { Count: > 0 } keys)
            {
                yield return $"Settings of {name} changed: {string.Join(", ", keys)}";
            }
        }
    }

    private static List<string> Differing(ProviderBinding before, ProviderBinding now) =>
        [.. before.Settings.Select(one => one.Key).Union(now.Settings.Select(one => one.Key), StringComparer.Ordinal)
            .Where(key => before.Settings[key]?.ToJsonString() != now.Settings[key]?.ToJsonString())
            .Order(StringComparer.Ordinal)];

    private static Dictionary<string, ProviderBinding> Bindings(RotationPlan plan)
    {
        var bindings = new Dictionary<string, ProviderBinding>(StringComparer.Ordinal);
        foreach (var step in plan.Steps.Where(step => step.Provider is not null))
        {
            bindings.TryAdd(step.Target ?? "the provider", step.Provider!);
        }

        return bindings;
    }

    private static ProviderBinding? ProviderOf(RotationPlan plan) => Bindings(plan).GetValueOrDefault("the provider");

    private static HashSet<string> Parts(RotationPlan plan, Func<PlannedStep, bool> which) =>
        [.. plan.Steps.Where(which).Select(step => step.Target).OfType<string>()];

    private static bool IsTarget(PlannedStep step) => step.Kind == StepKinds.Deliver;

    private static bool IsConsumer(PlannedStep step) => step.Kind is StepKinds.VerifyConsumers or StepKinds.RestartConsumers;

    private static string? Durations(RotationPlan plan, string kind)
    {
        var name = kind == StepKinds.Evidence ? StepSettings.QuietFor : StepSettings.Duration;
        var all = plan.Steps.Where(step => step.Kind == kind).Select(step => Short(step.Settings.GetValueOrDefault(name))).ToList();
        return all.Count == 0 ? null : string.Join(", ", all);
    }

    private static string Short(string? planned) =>
        DurationText.TryParsePlanned(planned, out var duration) ? DurationText.Format(duration) : planned ?? "";

    private static string? Questions(RotationPlan plan)
    {
        var all = plan.Steps.Where(step => step.Kind == StepKinds.Approval)
            .Select(step => $"before the {step.Settings.GetValueOrDefault(StepSettings.ApproveWhat)}").ToList();
        return all.Count == 0 ? null : string.Join(", ", all);
    }

    private static string Named(string kind) => kind switch
    {
        StepKinds.Grace => "Grace period",
        StepKinds.Evidence => "Unused for",
        _ => "Wait",
    };

    private static string Describe(ValueRule rule) => $"{rule.Format.ToString().ToLowerInvariant()}, {rule.Length}";
}
