namespace Rotunda.Orchestration;

/// <summary>The limit that every engine puts on a custom status; Durable Functions' is the one that counts.</summary>
public static class CustomStatus
{
    /// <summary>16 KB of UTF-16.</summary>
    public const int MaxChars = 16 * 1024 / 2;

    /// <exception cref="ArgumentException">The status, as JSON, is too large.</exception>
    public static string? Check(string? json) => json is null || json.Length <= MaxChars
        ? json
        : throw new ArgumentException(
            $"A custom status is at most 16 KB of JSON (UTF-16); this one is {json.Length * 2:N0} bytes.",
            nameof(json));
}
