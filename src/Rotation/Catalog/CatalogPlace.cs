namespace Rotunda.Rotation.Catalog;

/// <summary>A place that a target writes: one key of it, or the whole.</summary>
/// <param name="Id">The same for two spellings of one key.</param>
internal sealed record CatalogPlace(string Secret, string Target, string Where, string? File, string Key, string Id)
{
    public const string Whole = "";

    public bool IsWhole => Key == Whole;

    public string Described => (File, Key) switch
    {
        (null, Whole) => "the same place",
        (null, _) => $"{Key} of the same place",
        (_, Whole) => File,
        _ => $"{Key} of {File}",
    };

    public bool IsReadBy(SecretReference reference) =>
        reference.Scheme == SecretReference.File
        && reference.Name == File
        && (reference.Key is null || Key == Whole || reference.Key == Key);
}
