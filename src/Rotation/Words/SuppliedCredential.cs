namespace Rotunda.Rotation.Words;

/// <summary>A credential that a person makes in a system's own console.</summary>
/// <param name="Create">What to make there: "an API key in the workspace of the application".</param>
/// <param name="Link">The page where it is made, and where an old one is ended; null where that differs from customer to customer.</param>
public sealed record SuppliedCredential(string Create, string? Link)
{
    /// <summary>What its value looks like.</summary>
    public ValueShape Shape { get; init; } = ValueShape.Any;
}
