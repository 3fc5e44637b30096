using System.Globalization;
using System.Text;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Planning;

/// <summary>A plan for people: the dry run, the approval prompt and the command line show this.</summary>
public static class PlanText
{
    public static string Render(RotationPlan plan)
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"Rotation {plan.RotationId} of {plan.Secret}: {CatalogWords.Of(plan.Strategy)}, {Cause(plan)}\n");
        text.Append(CultureInfo.InvariantCulture, $"Asked for by {plan.RequestedBy}: {plan.Reason}\n");
        text.Append(
            CultureInfo.InvariantCulture,
            $"Planned at {plan.PlannedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC from catalog {Short(plan.CatalogHash)}\n");
        foreach (var warning in plan.Warnings)
        {
            text.Append(CultureInfo.InvariantCulture, $"Note: {warning}\n");
        }
        text.Append('\n');
        var width = plan.Steps.Count.ToString(CultureInfo.InvariantCulture).Length;
        for (var i = 0; i < plan.Steps.Count; i++)
        {
            Append(text, plan.Steps[i], i + 1, width, SideBySide(plan.Steps, i));
        }
        if (plan.Steps.Index().Any(s => SideBySide(plan.Steps, s.Index)))
        {
            text.Append("\n= side by side with its neighbours\n");
        }
        return text.ToString();
    }

    private static void Append(StringBuilder text, PlannedStep step, int number, int width, bool sideBySide)
    {
        var mark = sideBySide ? "= " : "";
        text.Append(
            CultureInfo.InvariantCulture,
            $"{number.ToString(CultureInfo.InvariantCulture).PadLeft(width)}. {mark}{step.Title}  [{Budget(step)}]\n");
        if (step.Kind == StepKinds.Ask)
        {
            text.Append(CultureInfo.InvariantCulture, $"{new string(' ', width)}  asks for: {Asks(Asked.Of(step))}\n");
        }
        var way = step.Settings.GetValueOrDefault(StepSettings.ForwardOnly) == "true" ? "if the value is refused" : "undo";
        foreach (var undo in step.Undo)
        {
            text.Append(CultureInfo.InvariantCulture, $"{new string(' ', width)}  {way}: {undo.Title}\n");
        }
    }

    private static string Budget(PlannedStep step) => step.Kind switch
    {
        StepKinds.Approval => step.Timeout is { } wait ? $"{Who(step)}, within {DurationText.Format(wait)}" : Who(step),
        StepKinds.Ask => step.Settings.GetValueOrDefault(StepSettings.AskExpires) is { } expires
            ? $"a person, within {expires}"
            : "a person",
        StepKinds.ConfirmRevoked => "a person, as long as it takes",
        StepKinds.Grace or StepKinds.Wait => "timer",
        StepKinds.Hold => step.Settings.ContainsKey(StepSettings.OnHold) ? "a look" : "as long as it takes",
        _ when StepKinds.IsSliced(step.Kind) => $"in slices, {Tries(step.Retry)} for each",
        StepKinds.Evidence or StepKinds.ConfirmSync => $"within {DurationText.Format(step.Timeout ?? TimeSpan.Zero)}",
        _ => $"{DurationText.Format(step.Timeout ?? TimeSpan.Zero)}, {Tries(step.Retry)}",
    };

    private static string Asks(Asked asked) => string.Join(
        ", ",
        new[]
        {
            $"one named {asked.Name}",
            asked.Scopes.Count == 0 ? null : $"allowed to {string.Join(" and ", asked.Scopes)}",
            asked.Link is null ? null : $"from {asked.Link}",
        }.OfType<string>());

    private static string Who(PlannedStep step)
    {
        var rule = ApprovalRule.Of(step);
        var many = rule.Need == 1 ? "a person" : $"{rule.Need} people";
        return rule.NamesSome ? $"{many} out of {string.Join(", ", [.. rule.Roles.Select(role => $"role {role}"), .. rule.People])}" : many;
    }

    private static string Tries(RetryBudget retry) =>
        retry.Within is { } within
            ? $"within {DurationText.Format(within)}"
            : $"{retry.Attempts} {(retry.Attempts == 1 ? "attempt" : "attempts")}";

    private static string Cause(RotationPlan plan) => plan.Trigger switch
    {
        RotationTrigger.Schedule => "by schedule",
        RotationTrigger.Manual => "on request",
        _ => $"EMERGENCY ({plan.Incident})",
    };

    /// <summary>True for a step that runs beside a neighbour of its group.</summary>
    private static bool SideBySide(IReadOnlyList<PlannedStep> steps, int index) =>
        steps[index].Group is { } group
        && ((index > 0 && steps[index - 1].Group == group) || (index + 1 < steps.Count && steps[index + 1].Group == group));

    private static string Short(string hash) => hash.Length > 12 ? hash[..12] : hash;
}
