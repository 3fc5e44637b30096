namespace Rotunda.Api.Views;

/// <summary>Body of the control routes.</summary>
/// <param name="By">With extend-grace: a duration such as 2h or 1d12h.</param>
/// <param name="Again">With cancel and reject: after how long the secret is due again, a duration; left out: as its policy says.</param>
/// <param name="Step">With skip-grace and approve: the id of the step that is meant. Left out: with skip-grace the grace period, with
/// approve the step that asks now.</param>
/// <param name="Plan">With approve and reject: the hash of the plan that was looked at, or at least its first 12 digits. A decision on
/// another plan than the rotation's is refused.</param>
public sealed record ControlBody(
    string? Reason, string? By = null, string? Again = null, string? Step = null, string? Plan = null);
