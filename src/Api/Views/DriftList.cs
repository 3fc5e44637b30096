namespace Rotunda.Api.Views;

public sealed record DriftList(IReadOnlyList<DriftView> Secrets);
