using System.Globalization;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Planning;

/// <summary>Who has to approve, as a plan's step has it.</summary>
/// <param name="Need">How many people.</param>
/// <param name="Roles">Whoever has one of these roles may; with <paramref name="People"/> empty too, whoever may approve at all.</param>
/// <param name="People">These people may. A team was written out when the plan was made.</param>
/// <param name="Remind">How often to remind those who have not answered; null for never.</param>
public sealed record ApprovalRule(int Need, IReadOnlyList<string> Roles, IReadOnlyList<string> People, TimeSpan? Remind)
{
    /// <summary>One person who may approve: what holds where a plan says nothing, as older ones do.</summary>
    public static ApprovalRule One { get; } = new(1, [], [], null);

    /// <summary>True where it is said who.</summary>
    public bool NamesSome => Roles.Count + People.Count > 0;

    public static ApprovalRule Of(PlannedStep? step) => step is null ? One : new(
        step.Settings.TryGetValue(StepSettings.Need, out var need) ? int.Parse(need, CultureInfo.InvariantCulture) : 1,
        List(step, StepSettings.FromRoles),
        List(step, StepSettings.FromPeople),
        step.Settings.TryGetValue(StepSettings.Remind, out var remind) && DurationText.TryParse(remind, out var every) ? every : null);

    /// <summary>The settings of the step; none for what holds where nothing is said.</summary>
    internal static IEnumerable<(string Name, string? Value)> Settings(ApprovalPolicy? policy) =>
    [
        (StepSettings.Need, policy is { Need: > 1 } ? policy.Need.ToString(CultureInfo.InvariantCulture) : null),
        (StepSettings.FromRoles, policy?.Roles is { Count: > 0 } roles ? string.Join(',', roles) : null),
        (StepSettings.FromPeople, policy?.People is { Count: > 0 } people ? string.Join(',', people) : null),
        (StepSettings.Remind, policy?.Remind is { } every ? DurationText.Format(every) : null),
        .. Escalation.Settings(policy?.Escalate),
    ];

    private static string[] List(PlannedStep step, string setting) =>
        step.Settings.GetValueOrDefault(setting)?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [];
}
