namespace Rotunda.Rotation.Words;

internal static class Text
{
    public const int MaxLength = 500;

    /// <summary>Short enough for a status (16 KB in all) and an audit row.</summary>
    public static string? Short(string? text) =>
        text is null || text.Length <= MaxLength ? text : string.Concat(text.AsSpan(0, MaxLength - 1), "…");
}
