namespace Rotunda.Access;

/// <summary>A person of a directory, as the ledger writes one: the name for people, and in brackets the id, which does not
/// change.</summary>
public static class PersonName
{
    private const int Longest = 120;

    public static string Of(string name, string id) => $"{Clean(name)} [{Clean(id)}]";

    /// <summary>Short, printable, and without the brackets that mark the id.</summary>
    private static string Clean(string text) =>
        new([.. text.Where(c => !char.IsControl(c)).Select(c => c is '[' or ']' ? '_' : c).Take(Longest)]);
}
