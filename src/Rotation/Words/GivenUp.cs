namespace Rotunda.Rotation.Words;

/// <summary>Notes of credentials that ended before any system knew them: nothing was revoked, for there was nothing.</summary>
public static class GivenUp
{
    public const string NeverMade = "never made at the provider";

    public const string NeverSet = "never set at the provider";

    public const string Withdrawn = "withdrawn before it was in use";

    public const string NeverSetAnywhere = "made, but never set anywhere";

    public static bool Is(string? note) => note is NeverMade or NeverSet or Withdrawn or NeverSetAnywhere;
}
