namespace Rotunda.Api.Views;

public sealed record HealthView(string Status, IReadOnlyDictionary<string, string>? Checks = null);
