namespace Rotunda.Rotation.Orchestrations;

/// <summary>Who does something, as the ledger records it.</summary>
public static class Actors
{
    /// <summary>The actor of what no person did.</summary>
    public const string Rotunda = "rotunda";

    /// <summary>
    /// True if two actors are one person. Names in a directory change, its ids do not, so where both have an id (in brackets at
    /// the end), the ids decide; else the whole texts, whatever their case.
    /// </summary>
    public static bool IsSame(string one, string other) => (IdOf(one), IdOf(other)) switch
    {
        ({ } first, { } second) => string.Equals(first, second, StringComparison.OrdinalIgnoreCase),
        _ => string.Equals(one, other, StringComparison.OrdinalIgnoreCase),
    };

    private static string? IdOf(string actor) =>
        actor.EndsWith(']') && actor.LastIndexOf('[') is >= 0 and var open && open < actor.Length - 2 ? actor[(open + 1)..^1] : null;
}
