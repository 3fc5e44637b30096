namespace Rotunda.Rotation.Words;

/// <summary>Notes of credentials that ended unused: no system was asked to revoke them.</summary>
public static class GivenUp
{
    public const string NeverMade = "never made at the provider";

    public const string NeverSet = "never set at the provider";

    public const string Withdrawn = "withdrawn before it was in use";

    public const string NeverSetAnywhere = "made, but never set anywhere";

    /// <summary>How a note begins of a value that a person gave and that was not used. At its system it lives on, if it ever did.</summary>
    public const string NotTaken = "given by a person, and ";

    public static bool Is(string? note) =>
        note is NeverMade or NeverSet or Withdrawn or NeverSetAnywhere || note?.StartsWith(NotTaken, StringComparison.Ordinal) == true;
}
