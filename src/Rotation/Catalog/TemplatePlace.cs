namespace Rotunda.Rotation.Catalog;

/// <summary>What a placeholder stands in, and what breaks it.</summary>
/// <param name="What">For people: "the address".</param>
/// <param name="Encoding">The one that makes every value fit; null if there is none.</param>
/// <param name="Plain">The characters that stand for themselves there; null for all but <paramref name="Breaking"/>.</param>
/// <param name="IsQuoted">Quotes stand around it already.</param>
internal sealed record TemplatePlace(string What, string? Encoding, string? Plain, string Breaking = "", bool IsQuoted = false)
{
    /// <summary>The place takes no value but digits without quotes.</summary>
    public bool IsBare { get; init; }

    public bool Breaks(char symbol) => Plain is null
        ? Breaking.Contains(symbol, StringComparison.Ordinal)
        : !Plain.Contains(symbol, StringComparison.Ordinal);
}
