using Rotunda.Yaml;

namespace Rotunda.Rotation.Catalog;

/// <summary>A place in one of the catalog's files.</summary>
internal readonly record struct CatalogSpot(string File, int Line, int Column);

/// <summary>
/// A secret with where those of its parts stand that rules across secrets speak of. It is kept until its file changes, so it is small:
/// the text and its nodes are not held.
/// </summary>
internal sealed class ReadSecret
{
    private static readonly string[] s_parts = ["provider", "after", "group", "targets", "consumers"];

    private readonly string _file;
    private readonly Place _own;
    private readonly Place[] _places;

    private ReadSecret(Policy policy, string file, Place own, Place[] places) =>
        (Policy, _file, _own, _places) = (policy, file, own, places);

    public Policy Policy { get; }

    public CatalogSpot Spot => new(_file, _own.Line, _own.Column);

    public static ReadSecret Of(Policy policy, CatalogMap map, string file)
    {
        var places = s_parts.Where(map.Has).Select(part => Place.Of(part, isTarget: false, map.Where(part)));
        var targets = (map.Value("targets")?.Entries ?? []).Select(entry => Place.Of(entry.Key.Text, isTarget: true, entry.Key));
        return new ReadSecret(policy, file, Place.Of("", isTarget: false, map.At), [.. places, .. targets]);
    }

    /// <summary>Where to report a problem with the part: at its key, or at the secret if it is left out.</summary>
    public CatalogSpot Of(string part) => Find(part, isTarget: false);

    public CatalogSpot OfTarget(string name) => Find(name, isTarget: true);

    private CatalogSpot Find(string key, bool isTarget)
    {
        foreach (var place in _places)
        {
            if (place.IsTarget == isTarget && place.Key == key)
            {
                return new(_file, place.Line, place.Column);
            }
        }
        return Spot;
    }

    private readonly record struct Place(string Key, int Line, ushort Column, bool IsTarget)
    {
        public static Place Of(string key, bool isTarget, YamlNode at) =>
            new(key, at.Line, (ushort)Math.Min(at.Column, ushort.MaxValue), isTarget);
    }
}
