using Rotunda.Api.Views;
using Rotunda.Ledger;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Http;

/// <summary>Reads what a link asks for: all that a person needs who has only the link, and no settings of systems.</summary>
internal static class DecideReader
{
    private static readonly string[] s_told =
        [StepSettings.ApproveWhat, StepSettings.Duration, StepSettings.ForwardOnly, StepSettings.Shows];

    public static async Task<DecideView> ReadAsync(ApiCall call, CodeRecord code, RotationRecord rotation)
    {
        var services = call.Services;
        var stand = await services.Ledger.StandAsync(rotation.Id, code.StepId!, call.Cancelled);
        var secret = await services.Status.GetSecretAsync(rotation.Secret, call.Cancelled);
        var view = await services.Status.GetRotationAsync(rotation.Id, call.Cancelled);
        var plan = rotation.Plan;
        var asks = plan.Steps.FirstOrDefault(step => step.Id == code.StepId);
        var shown = asks?.Settings.GetValueOrDefault(StepSettings.Shows)?.Split(',') ?? [];
        return new DecideView(
            rotation.Id, rotation.Secret, rotation.State == RotationState.WaitingForApproval ? "open" : "over",
            asks?.Title ?? "", rotation.Reason, rotation.RequestedBy, code.PlanHash!, stand.Given, stand.Need, code.Person, code.Role,
            [.. plan.Steps.Select(step => step.Title)], plan.Warnings, code.ExpiresAt)
        {
            StepId = code.StepId!,
            Strategy = plan.Strategy,
            Trigger = rotation.Trigger,
            Incident = rotation.Incident,
            CreatedAt = rotation.CreatedAt,
            Description = secret?.Summary.Description,
            Owner = secret?.Summary.Owner,
            Tags = secret?.Summary.Tags ?? [],
            Window = secret?.Window,
            Plan = [.. plan.Steps.Select(step => Told(step, shown.Contains(step.Id, StringComparer.Ordinal) ? view : null))],
            Since = view?.Since,
        };
    }

    private static DecideStep Told(PlannedStep step, RotationView? view) => new(
        step.Id, step.Kind, step.Title, step.Target,
        s_told.Where(step.Settings.ContainsKey).ToDictionary(name => name, name => step.Settings[name], StringComparer.Ordinal),
        [.. step.Undo.Select(undo => undo.Title)],
        view?.Steps.FirstOrDefault(one => one.Id == step.Id)?.Facts);
}
