using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Catalog;

/// <summary>What a person is asked for with strategy supplied. What is null is as the provider says.</summary>
/// <param name="Create">What to make: "a key with the role Developer".</param>
/// <param name="Link">The page where it is made.</param>
/// <param name="Scopes">What it has to be allowed to do.</param>
/// <param name="Name">The name to give it there.</param>
public sealed record AskPolicy(string? Create, string? Link, IReadOnlyList<string> Scopes, string? Name)
{
    /// <summary>Who gets a one-time form for it by mail; empty for nobody.</summary>
    public IReadOnlyList<string> From { get; init; } = [];

    /// <summary>By when it is to be given, counted from when it is asked for.</summary>
    public TimeSpan Due { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How often the person is reminded.</summary>
    public TimeSpan RemindEvery { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Who is told besides, where nobody answers; null for nobody.</summary>
    public EscalationPolicy? Escalate { get; init; }

    /// <summary>After this without a value the rotation ends, and nothing has changed.</summary>
    public TimeSpan ExpiresAfter { get; init; } = TimeSpan.FromDays(14);

    /// <summary>What the value looks like; null for what the provider says.</summary>
    public ValueShape? Shape { get; init; }
}
