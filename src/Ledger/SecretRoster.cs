namespace Rotunda.Ledger;

/// <summary>All secrets as they stood at one moment. A new one is made of it and of what has changed since, so that very many secrets are
/// not read each time that somebody asks for them.</summary>
/// <param name="Seen">The number of the last change that it has.</param>
/// <param name="Secrets">By name.</param>
internal sealed record SecretRoster(long Seen, IReadOnlyList<SecretRecord> Secrets)
{
    private static readonly IComparer<SecretRecord> InOrder =
        Comparer<SecretRecord>.Create((a, b) => string.CompareOrdinal(a.Name, b.Name));

    private readonly Lazy<Dictionary<string, SecretRecord>> _byName =
        new(() => Secrets.ToDictionary(secret => secret.Name, StringComparer.Ordinal));

    public IReadOnlyDictionary<string, SecretRecord> ByName => _byName.Value;

    public static SecretRoster Empty { get; } = new(-1, []);

    /// <param name="changed">With the number of its last change, each.</param>
    public SecretRoster With(IReadOnlyCollection<(SecretRecord Secret, long Change)> changed)
    {
        if (changed.Count == 0)
        {
            return this;
        }

        var secrets = new List<SecretRecord>(Secrets);
        var fresh = new List<SecretRecord>();
        foreach (var (secret, _) in changed)
        {
            var place = secrets.BinarySearch(secret, InOrder);
            if (place < 0)
            {
                fresh.Add(secret);
            }
            else
            {
                secrets[place] = secret;
            }
        }

        if (fresh.Count > 0)
        {
            secrets.AddRange(fresh);
            secrets.Sort(InOrder);
        }

        return new SecretRoster(Math.Max(Seen, changed.Max(one => one.Change)), secrets.AsReadOnly());
    }
}
