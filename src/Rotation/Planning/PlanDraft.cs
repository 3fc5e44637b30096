using System.Text.Json.Nodes;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Planning;

/// <summary>A plan while it is made: the facts the shapes ask for, and the steps and warnings so far.</summary>
internal sealed class PlanDraft(
    Policy policy, SecretSnapshot snapshot, PlanRequest request, IReadOnlyDictionary<string, ProviderDescriptor> descriptors)
{
    private static readonly Dictionary<string, string> NoSettings = [];

    private readonly List<PlannedStep> _steps = [];
    private readonly List<string> _warnings = [];

    public IReadOnlyList<PlannedStep> Steps => _steps;

    public IReadOnlyList<string> Warnings => _warnings;

    public Policy Policy => policy;

    public SecretSnapshot Snapshot => snapshot;

    public PlanRequest Request => request;

    public ProviderDescriptor Provider { get; } = Of(policy.Provider, descriptors);

    public bool IsEmergency => request.Trigger == RotationTrigger.Emergency;

    /// <summary>True if the old value can be had again: then it can be delivered or applied again.</summary>
    public bool KnowsOldValue => snapshot.Active?.Value is not null;

    /// <summary>Set once a step has ended the old credential before the promotion: nothing after it can be undone.</summary>
    public bool ForwardOnly { get; set; }

    /// <summary>Set once the last key was dropped or the promotion's grace is over: the steps have no undo.</summary>
    public bool PastReturn { get; set; }

    public bool Can(Abilities ability) => Provider.Abilities.HasFlag(ability);

    /// <summary>By an id, or by the value itself.</summary>
    public bool CanRevoke => Can(Abilities.RevokeCredentials) || Can(Abilities.RevokeByValue);

    public bool Can(ProviderBinding binding, Abilities ability) => Of(binding, descriptors).Abilities.HasFlag(ability);

    public bool IsEventual(ProviderBinding binding) => Of(binding, descriptors).IsEventual;

    public bool IsWriteOnly(ProviderBinding binding) => Of(binding, descriptors).IsWriteOnly;

    public TimeSpan? CheckTimeoutOf(ProviderBinding binding) => Of(binding, descriptors).CheckTimeout;

    /// <summary>What the binding's settings bring with them, sentences for people, to stand behind its name.</summary>
    public IEnumerable<string> CostsOf(ProviderBinding binding)
    {
        foreach (var cost in Of(binding, descriptors).Costs)
        {
            var value = TextOf(binding, cost.Setting);
            if (value == cost.Value || (value is not null && cost.Value == SettingCost.Any))
            {
                yield return cost.Setting.Length == 0 ? $": {cost.Text}"
                    : value is null ? $", without {cost.Setting}: {cost.Text}" : $", with {cost.Setting}: {value}: {cost.Text}";
            }
        }
        var descriptor = Of(binding, descriptors);
        if (policy.Strategy is Strategy.Overlap or Strategy.Alternate or Strategy.Supplied
            && PairRules.Apart(descriptor, binding.Settings) is { } apart)
        {
            yield return $": {apart}";
        }
        foreach (var key in TemplateRules.EncodedTwice(descriptor, binding.Settings))
        {
            yield return $", {key}: {TemplateRules.Twice(descriptor, key)}";
        }
    }

    private static string? TextOf(ProviderBinding binding, string setting) => binding.Settings[setting] switch
    {
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        JsonValue value when value.TryGetValue<bool>(out var flag) => flag ? "true" : "false",
        _ => null,
    };

    private static ProviderDescriptor Of(ProviderBinding binding, IReadOnlyDictionary<string, ProviderDescriptor> descriptors) =>
        descriptors[binding.Type].For(binding.Settings);

    /// <summary>True if values get to the target by way of another one: nothing is delivered to it.</summary>
    public bool Follows(ProviderBinding binding) =>
        descriptors[binding.Type].FollowsWhen is { } when
        && binding.Settings[when.Name] is JsonValue value
            && value.TryGetValue<string>(out var text)
            && (when.Value is null || text == when.Value);

    public void Warn(string warning) => _warnings.Add(warning);

    /// <summary>
    /// True if a rotation that never came to its promotion may have left its value at some targets, or on an account. When a
    /// rotation is superseded that has nothing on record yet, it may have by the time it stops.
    /// </summary>
    public bool MayBeHalfDelivered =>
        snapshot.Credentials.Any(c => c.State == CredentialState.Pending)
        || (request.Supersedes && snapshot.Active?.RotationNumber != snapshot.NextNumber - 1);

    /// <summary>Adds a step. Without a way back where there is none.</summary>
    /// <param name="undoesForRenewal">Its undo stays where there is no way back: it takes back a value that is refused, so that
    /// another can be made.</param>
    public void Add(
        string id,
        string kind,
        string title,
        string? target = null,
        ProviderBinding? provider = null,
        IReadOnlyDictionary<string, string>? settings = null,
        string? group = null,
        TimeSpan? timeout = null,
        bool waits = false,
        RetryBudget? retry = null,
        IReadOnlyList<PlannedUndo>? undo = null,
        bool undoesForRenewal = false)
    {
        var all = settings ?? NoSettings;
        if (ForwardOnly && !PastReturn)
        {
            all = new Dictionary<string, string>(all, StringComparer.Ordinal) { [StepSettings.ForwardOnly] = "true" };
        }
        _steps.Add(new PlannedStep(
            id,
            kind,
            title,
            target,
            provider,
            all,
            waits ? timeout : timeout ?? policy.StepTimeout,
            retry ?? policy.Retry,
            group,
            PastReturn || (ForwardOnly && !undoesForRenewal) ? [] : undo ?? []));
    }

    public static PlannedUndo Undo(
        string id,
        string kind,
        string title,
        string? target = null,
        ProviderBinding? provider = null,
        IReadOnlyDictionary<string, string>? settings = null) =>
        new(id, kind, title, target, provider, settings ?? NoSettings);

    public static Dictionary<string, string> Settings(params (string Name, string? Value)[] settings) =>
        settings.Where(s => s.Value is not null).ToDictionary(s => s.Name, s => s.Value!, StringComparer.Ordinal);

    /// <summary>Enough attempts to look again and again until the time is spent, and none after it.</summary>
    public static RetryBudget Polling(TimeSpan total, TimeSpan shortest, TimeSpan longest)
    {
        var max =
            TimeSpan.FromMilliseconds(Math.Clamp(total.TotalMilliseconds / 60, shortest.TotalMilliseconds, longest.TotalMilliseconds));
        var first = shortest < max ? shortest : max;
        var (attempts, pause, spent) = (1, first, TimeSpan.Zero);
        while (spent < total && attempts < 2000)
        {
            spent += pause;
            attempts++;
            pause = pause * 2 < max ? pause * 2 : max;
        }
        return new RetryBudget(attempts, first, max, Within: total);
    }
}
