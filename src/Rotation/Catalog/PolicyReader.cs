using System.Collections.ObjectModel;
using System.Text.Json.Nodes;
using Rotunda.Rotation.Words;
using Rotunda.Yaml;

namespace Rotunda.Rotation.Catalog;

/// <summary>Reads one secret of the catalog.</summary>
internal sealed class PolicyReader(
    PolicyDefaults defaults,
    string folder,
    IReadOnlyCollection<string> stores,
    IReadOnlyDictionary<string, RotationGroup> groups,
    BindingReader bindings,
    CatalogProblems problems)
{
    private readonly TemplateJudge _judge = new();

    /// <summary>Texts that many secrets of a file have alike are held once.</summary>
    private readonly SharedTexts _alike = new();

    /// <summary>So are windows,</summary>
    private readonly Dictionary<(string Days, TimeOnly From, TimeOnly To, string Zone), RotationWindow> _windows = [];

    /// <summary>and settings.</summary>
    private readonly HashSet<ProviderBinding> _bindings = new(ProviderBinding.Alike);

    /// <summary>The last one of each type: the next is like it.</summary>
    private readonly Dictionary<string, ProviderBinding> _last = new(StringComparer.Ordinal);

    private readonly HashSet<PolicyTerms> _terms = [];

    private static readonly TimeSpan DefaultConfirmTimeout = TimeSpan.FromMinutes(5);

    /// <returns>Not in short yet; null if too much is wrong to go on.</returns>
    public (Policy Policy, CatalogMap Map)? Read(YamlNode key, YamlNode node)
    {
        var name = key.Text;
        bindings.CheckName(key, "A secret's name");
        if (name.EndsWith("-pending", StringComparison.Ordinal))
        {
            problems.Add(key, $"{name}: names that end in \"-pending\" are kept for values that are not published yet. Choose another.");
        }

        if (name == ReservedNames.CheckpointKey)
        {
            problems.Add(key, $"{name}: the key that signs reports is kept under this name. Choose another.");
        }

        if (CatalogMap.Read(key, node, name, problems, CatalogWords.Secret) is not { } map)
        {
            return null;
        }
        var (provider, descriptor) = bindings.Read(
            map,
            "provider",
            CatalogWords.Provider,
            d => d.CanBeProvider,
            "make or take credentials (a provider)");
        var strategy = map.Choice("strategy", CatalogWords.Strategies)
            ?? descriptor?.Strategies.Cast<Strategy?>().FirstOrDefault()
            ?? Strategy.Overlap;
        var derived = DerivedReader.Read(map, bindings);
        var policy = ReadPolicy(
            map,
            name,
            strategy,
            HowOften.Read(map, defaults.Schedule),
            provider ?? new ProviderBinding("", new JsonObject()),
            descriptor?.DefaultValue,
            ReadTargets(map, derived)) with
        {
            Derived = derived.Count == 0 ? ReadOnlyDictionary<string, string>.Empty : derived.Where(one => one.Value is not null)
                .ToDictionary(one => one.Key, one => one.Value!, StringComparer.Ordinal),
        };
        CheckNames(map, policy);
        if (policy.Was is { } was && !CatalogWords.IsName(was))
        {
            map.Problem("was", "must be a name that a secret had: lower-case letters, digits and hyphens inside, at most 63.");
        }
        if (policy.Store.Length == 0)
        {
            problems.Add(
                key,
                $"{name}: says no store, and this head has none of its own. Define one under \"stores\" and name it in "
                    + "\"defaults\" or here.");
        }
        if (descriptor is not null)
        {
            PolicyRules.Check(policy, map, descriptor, bindings.Descriptors, _judge);
            ReencryptRules.Check(policy, map, bindings.Descriptors);
        }
        return (policy, map);
    }

    /// <summary>Once nothing of its own has to be looked at any more.</summary>
    public Policy InShort(Policy policy) => policy with
    {
        Terms = Alike(policy.Terms),
        Provider = InShort(policy.Provider),
        Targets = Held([.. policy.Targets.Select(target => target with
        {
            Provider = InShort(target.Provider), Derived = _alike.Of(target.Derived),
        })]),
        Consumers = Held([.. policy.Consumers.Select(consumer => consumer with { Provider = InShort(consumer.Provider) })]),
    };

    /// <summary>As an array: a list would be three objects.</summary>
    private static T[] Held<T>(T[] all) => all;

    private ProviderBinding InShort(ProviderBinding binding)
    {
        var inShort = binding.InShort(_last.GetValueOrDefault(binding.Type));
        if (_bindings.TryGetValue(inShort, out var same))
        {
            return same;
        }
        _bindings.Add(inShort);
        return _last[binding.Type] = inShort;
    }

    private PolicyTerms Alike(PolicyTerms terms)
    {
        if (_terms.TryGetValue(terms, out var same))
        {
            return same;
        }
        _terms.Add(terms);
        return terms;
    }

    private Policy ReadPolicy(
        CatalogMap map,
        string name,
        Strategy strategy,
        HowOften often,
        ProviderBinding provider,
        ValueRule? otherwise,
        List<TargetBinding> targets) =>
        new()
        {
            Name = name,
            Was = map.Text("was"),
            Description = map.Text("description"),
            Owner = map.Text("owner") is { } owner ? _alike.Of(owner) : null,
            Tags = _alike.Of(map.Texts("tags") ?? []),
            Terms = new PolicyTerms
            {
                Store = PolicyDefaults.ReadStore(map, stores) ?? defaults.Store,
                Value = PolicyParts.Value(map) ?? otherwise ?? ValueRule.Default,
                Cron = often.Cron,
                Risk = often.Risk,
                OnCompromise = often.OnCompromise,
                Jitter = map.Duration("jitter", allowZero: true) ?? defaults.Schedule.Jitter,
                RenewBefore = map.Duration("renewBefore"),
                Window = PolicyParts.Window(map) is { } window ? Alike(window) : defaults.Window,
                Freezes = ScheduleParts.Freezes(map, folder) is { Count: > 0 } own
                    ? [.. defaults.Schedule.Freezes, .. own]
                    : defaults.Schedule.Freezes,
                Missed = map.Choice("missed", CatalogWords.MissedRuns) ?? defaults.Schedule.Missed,
                Group = ScheduleParts.Group(map, groups),
                Paused = ScheduleParts.Paused(map) ?? defaults.Schedule.Paused,
                Grace = map.Duration("grace", allowZero: true) ?? defaults.Grace,
                AskAgain = map.Duration("askAgain") ?? TimeSpan.FromDays(1),
                TokenLifetime = map.Duration("tokenLifetime"),
                VerifierCache = map.Duration("verifierCache", allowZero: true),
                Migration = map.Choice("migration", CatalogWords.Migrations) ?? MigrationMode.Online,
                WhenDown = map.Choice("whenDown", CatalogWords.WhenDowns) ?? defaults.WhenDown,
                Approval = defaults.Approvals.Read(map) ?? defaults.ApprovalOf(often.Risk),
                Ask = AskReader.Read(map),
                Evidence = PolicyParts.Evidence(map),
                DisableFor = PolicyParts.DisableFor(map),
                OnDrift = map.Choice("onDrift", CatalogWords.DriftActions) ?? defaults.OnDrift,
                Retry = PolicyParts.Retry(map, defaults.Retry) ?? defaults.Retry,
                StepTimeout = map.Duration("stepTimeout") ?? defaults.StepTimeout,
            },
            Strategy = strategy,
            Provider = provider,
            Interval = often.Interval,
            After = ScheduleParts.After(map),
            Current = ReadCurrent(map),
            Targets = targets,
            Consumers = ReadConsumers(map, targets),
        };

    private RotationWindow Alike(RotationWindow window)
    {
        var key = (string.Join(' ', window.Days), window.From, window.To, window.TimeZone);
        return _windows.TryGetValue(key, out var same) ? same : _windows[key] = window;
    }

    private CurrentCredential? ReadCurrent(CatalogMap parent)
    {
        if (parent.Map("current", CatalogWords.Current) is not { } map)
        {
            return null;
        }
        if (!map.Has("id") && !map.Has("name") && !map.Has("value"))
        {
            parent.Problem("current", "says nothing. Give the id of the credential in use, a reference to its value, or both.");
        }
        if (map.Has("id") && map.Has("name"))
        {
            map.Problem("name", "is one too much: the id tells which it is. Remove one of them.");
        }
        return new CurrentCredential(
            map.Text("id"),
            map.Get("value", (node, path) => CatalogScalars.Reference(node, path, folder, problems)))
        {
            Name = map.Text("name"),
        };
    }

    private List<TargetBinding> ReadTargets(CatalogMap parent, IReadOnlyDictionary<string, string?> derived)
    {
        var targets = new List<TargetBinding>();
        var map = parent.Map("targets", known: null);
        foreach (var key in map?.Keys ?? [])
        {
            bindings.CheckName(key, "A target's name");
            void Read(CatalogMap target)
            {
                var group = target.Integer("group", 0, CatalogWords.MaxGroup) ?? 0;
                var timeout = target.Duration("confirmTimeout") ?? DefaultConfirmTimeout;
                targets.Add(new TargetBinding(key.Text, new ProviderBinding("", new JsonObject()), group, timeout));
            }

            const string Part = "be delivered to (a target)";
            var (binding, descriptor) = bindings.Read(map!, key.Text, CatalogWords.Target, d => d.CanBeTarget, Part, Read);
            if (binding is null)
            {
                continue;
            }
            IReadOnlyList<string> used = [];
            if (descriptor is not null)
            {
                (used, var wrong) = DerivedText.Expand(binding.Settings, descriptor, derived);
                foreach (var problem in wrong)
                {
                    map!.Problem(key.Text, problem);
                }
            }
            targets[^1] = targets[^1] with { Provider = binding, Derived = used };
        }
        return targets;
    }

    private List<ConsumerBinding> ReadConsumers(CatalogMap parent, List<TargetBinding> targets)
    {
        var consumers = new List<ConsumerBinding>();
        var map = parent.Map("consumers", known: null);
        foreach (var key in map?.Keys ?? [])
        {
            bindings.CheckName(key, "A consumer's name");
            var (group, timeout, whenDown) = ((int?)null, (TimeSpan?)null, (WhenDown?)null);
            void Read(CatalogMap consumer)
            {
                group = consumer.Integer("group", 0, CatalogWords.MaxGroup);
                timeout = consumer.Duration("checkTimeout");
                whenDown = consumer.Choice("whenDown", CatalogWords.WhenDowns);
                if (group is { } first && targets.Count > 0 && targets.TrueForAll(target => target.Group > first))
                {
                    consumer.Problem(
                        "group",
                        $"there is no target of group {first} or lower, so it would have nothing new yet. Targets begin with group "
                            + $"{targets.Min(target => target.Group)}.");
                }
            }

            const string Part = "be restarted or checked (a consumer)";
            var (binding, _) = bindings.Read(map!, key.Text, CatalogWords.Consumer, d => d.CanBeConsumer, Part, Read);
            consumers.Add(
                new ConsumerBinding(
                    key.Text,
                    binding ?? new ProviderBinding("", new JsonObject()),
                    group,
                    timeout) { WhenDown = whenDown });
        }
        return consumers;
    }

    private void CheckNames(CatalogMap map, Policy policy)
    {
        var consumers = map.Value("consumers");
        foreach (var (key, _) in consumers?.Entries ?? [])
        {
            if (policy.Targets.Any(t => t.Name == key.Text))
            {
                problems.Add(
                    key,
                    $"{policy.Name}.consumers.{key.Text}: a target has this name too. Names are unique among a secret's targets and "
                        + "consumers: rename one.");
            }
        }
    }
}
