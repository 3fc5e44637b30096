using System.Globalization;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Planning;

/// <summary>What a plan asks a person for, as its step says it.</summary>
/// <param name="Create">What to make.</param>
/// <param name="Name">The name to give it.</param>
/// <param name="Due">How long after the step's beginning the value is due.</param>
public sealed record Asked(string Create, string? Link, IReadOnlyList<string> Scopes, string Name, TimeSpan? Due, ValueShape Shape)
{
    /// <summary>Null for a plan that asks for none.</summary>
    public static Asked? Of(RotationPlan plan) =>
        plan.Steps.FirstOrDefault(step => step.Kind == StepKinds.Ask) is { } step ? Of(step) : null;

    public static Asked Of(PlannedStep step)
    {
        var settings = step.Settings;
        return new Asked(
            settings.GetValueOrDefault(StepSettings.AskCreate) ?? step.Title,
            settings.GetValueOrDefault(StepSettings.Link),
            settings.GetValueOrDefault(StepSettings.AskScopes)?.Split(',') ?? [],
            settings.GetValueOrDefault(StepSettings.AskName) ?? "",
            DurationText.TryParsePlanned(settings.GetValueOrDefault(StepSettings.AskDue), out var due) ? due : null,
            new ValueShape(
                settings.GetValueOrDefault(StepSettings.AskPrefix),
                settings.GetValueOrDefault(StepSettings.AskPattern),
                Number(settings, StepSettings.AskMinLength) ?? ValueShape.Shortest,
                Number(settings, StepSettings.AskMaxLength) ?? ValueShape.Longest,
                settings.GetValueOrDefault(StepSettings.AskLineEnds) == "true"));
    }

    private static int? Number(IReadOnlyDictionary<string, string> settings, string name) =>
        int.TryParse(settings.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
