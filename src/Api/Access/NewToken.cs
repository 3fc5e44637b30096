namespace Rotunda.Api.Access;

/// <summary>A token to be made.</summary>
/// <param name="Lifetime">Null for one that never ends.</param>
/// <param name="Owner">Whose it is; null for the person that it is named after.</param>
public sealed record NewToken(string Name, Role Role, TimeSpan? Lifetime = null, string? Owner = null)
{
    /// <summary>The longest lifetime, in days.</summary>
    public const int LongestDays = 3660;
}
