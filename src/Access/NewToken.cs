using Rotunda.Campaigns.Selection;

namespace Rotunda.Access;

/// <summary>A token to be made.</summary>
/// <param name="Lifetime">Null for one that never ends.</param>
/// <param name="Owner">Whose it is; null for the person that it is named after.</param>
public sealed record NewToken(string Name, Role Role, TimeSpan? Lifetime = null, string? Owner = null)
{
    /// <summary>For how long a token lives where nobody says.</summary>
    public static readonly TimeSpan UsualLifetime = TimeSpan.FromDays(90);

    /// <summary>What <c>expires</c> says for a token that never ends.</summary>
    public const string Never = "never";

    /// <summary>The secrets that its role is for; null for all.</summary>
    public IReadOnlyList<Selector>? On { get; init; }

    /// <summary>Who makes it; null where that is not known.</summary>
    public string? MadeBy { get; init; }

    /// <summary>True for one whose end is put off as it is used.</summary>
    public bool RenewsItself { get; init; }

    /// <summary>The longest lifetime, in days.</summary>
    public const int LongestDays = 3660;
}
