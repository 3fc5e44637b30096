namespace Rotunda.Interpreter;

/// <summary>Who does something, as the ledger records it.</summary>
public static class Actors
{
    /// <summary>The actor of what no person did.</summary>
    public const string Rotunda = "rotunda";

    /// <summary>True if two actors are one person, whatever the case of their names.</summary>
    public static bool IsSame(string one, string other) =>
        string.Equals(PersonOf(one), PersonOf(other), StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Who an actor is: what stands in brackets at the end, else the whole text. A directory's id stands there, since its names
    /// change; and the owner of a token, where the token has another name.
    /// </summary>
    public static string PersonOf(string actor) =>
        actor.EndsWith(']') && actor.LastIndexOf('[') is >= 0 and var open && open < actor.Length - 2 ? actor[(open + 1)..^1] : actor;
}
