namespace Rotunda.Api.Views;

/// <summary>Body of the control routes.</summary>
/// <param name="By">With extend-grace: a duration such as 2h or 1d12h.</param>
public sealed record ControlBody(string? Reason, string? By = null);
