namespace Rotunda.Api.Views;

/// <param name="State">"taken", or "already-taken" where this very value was taken before.</param>
/// <param name="Next">By a form: the code with which another value can be given if this one is refused; else null.</param>
public sealed record ProvidedView(string RotationId, string State, string Message, string? Next = null);
