namespace Rotunda.Ledger;

/// <summary>What a pause is for.</summary>
/// <param name="Kind">One of <see cref="Secret"/>, <see cref="Tag"/> and <see cref="All"/>. The ledger holds these words: never change
/// one.</param>
/// <param name="Name">The secret's or the tag's; null with <see cref="All"/>.</param>
public sealed record PauseScope(string Kind, string? Name)
{
    public const string Secret = "secret";
    public const string Tag = "tag";
    public const string All = "all";

    public static PauseScope Everything { get; } = new(All, null);

    public static PauseScope OfSecret(string name) => new(Secret, name);

    public static PauseScope OfTag(string name) => new(Tag, name);

    public bool Covers(string secret, IReadOnlyCollection<string> tags) =>
        Kind == All || (Kind == Secret ? Name == secret : tags.Contains(Name!));

    /// <summary>For people.</summary>
    public override string ToString() => Kind == All ? "all secrets" : Kind == Tag ? $"all with the tag {Name}" : Name!;
}
