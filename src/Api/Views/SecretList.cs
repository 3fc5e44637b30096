namespace Rotunda.Api.Views;

public sealed record SecretList(IReadOnlyList<SecretSummary> Secrets);
