namespace Rotunda.Rotation.Words;

/// <summary>How long a lease lives, as its system has just told, reckoned by our clock.</summary>
/// <param name="EndsAt">When it ends, if nobody renews it.</param>
/// <param name="Renewable">False where its system never renews it.</param>
public sealed record LeaseTerm(DateTimeOffset EndsAt, bool Renewable)
{
    /// <summary>The latest that renewals bring the end to; null where nothing tells it.</summary>
    public DateTimeOffset? LastEnd { get; init; }

    /// <summary>What it hangs on and ends with (the accessor of the token that took it): renewed together with it. Null for
    /// nothing.</summary>
    public string? Owner { get; init; }
}
