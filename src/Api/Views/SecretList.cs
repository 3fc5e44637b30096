namespace Rotunda.Api.Views;

/// <param name="Clock">Why the clock is not believed, so that nothing is revoked; null while it is.</param>
public sealed record SecretList(IReadOnlyList<SecretSummary> Secrets, string? Clock = null)
{
    /// <summary>Why what stands at the catalog's place is not in force, so that the last good one is; null if it is.</summary>
    public string? Catalog { get; init; }

    /// <summary>Of a page: how many there are in all.</summary>
    public int? Total { get; init; }

    /// <summary>Of a page: give this as <c>after</c> for the next; null at the end.</summary>
    public string? Next { get; init; }
}
