namespace Rotunda.Api.Views;

public sealed record ControlView(string RotationId, string Message);
