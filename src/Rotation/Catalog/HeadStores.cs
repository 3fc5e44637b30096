namespace Rotunda.Rotation.Catalog;

/// <summary>The stores that come with the head, beside those that a catalog defines.</summary>
/// <param name="Names">A catalog's <c>store:</c> may name them, and no store of its own may be called so.</param>
/// <param name="Default">Where values go when the catalog does not say; null if the head has no store.</param>
public sealed record HeadStores(IReadOnlyList<string> Names, string? Default)
{
    /// <summary>The server's: the embedded store.</summary>
    public static HeadStores Embedded { get; } = new([PolicyDefaults.EmbeddedStore], PolicyDefaults.EmbeddedStore);
}
