using System.Text.Json.Nodes;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests;

/// <summary>Plans and inputs, small.</summary>
internal static class Plans
{
    public static readonly RetryBudget Budget = new(3, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));

    public static RotationPlan Plan(
        string secret,
        int number,
        Strategy strategy = Strategy.Overlap,
        params IReadOnlyList<PlannedStep> steps) =>
        new(
            1, $"{secret}-{number}", secret, number, strategy, RotationTrigger.Manual, "a test", "tester", null,
            new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), "embedded", ValueRule.Default, steps, [], "hash");

    public static PlannedStep Step(
        string kind,
        string? provider = "fake",
        string? target = null,
        string? id = null,
        params IReadOnlyList<(string Name, string Value)> settings) =>
        new(
            id ?? kind.ToLowerInvariant(), kind, kind, target, provider is null ? null : new ProviderBinding(provider, new JsonObject()),
            settings.ToDictionary(s => s.Name, s => s.Value), TimeSpan.FromMinutes(2), Budget, null, []);

    public static PlannedUndo Undo(string kind, string? provider = "fake", string? target = null) => new(
        $"undo-{kind.ToLowerInvariant()}",
        kind,
        kind,
        target,
        provider is null ? null : new ProviderBinding(provider, new JsonObject()),
        new Dictionary<string, string>());

    public static StepInput Input(RotationPlan plan, PlannedStep step, int attempt = 1, PlannedUndo? undo = null) =>
        new(plan.RotationId, plan.Number, step, undo, attempt);
}
