namespace Rotunda.Rotation.Catalog;

/// <summary>A place in one of the catalog's files.</summary>
internal readonly record struct CatalogSpot(string File, int Line, int Column);

/// <summary>A secret with where those of its parts stand that rules across secrets speak of.</summary>
/// <param name="Turn">Which of its file it is, from 0.</param>
internal readonly record struct ReadSecret(FileSecrets In, int Turn)
{
    public Policy Policy => In.Policies[Turn];

    public CatalogSpot Spot => In.SpotOf(Turn);

    /// <summary>Where to report a problem with the part: at its key, or at the secret if it is left out.</summary>
    public CatalogSpot Of(string part) => In.SpotOfPart(Turn, part);

    public CatalogSpot OfTarget(string name) => In.SpotOfTarget(Turn, name);
}
