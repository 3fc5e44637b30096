using Rotunda.Rotation.Catalog;

namespace Rotunda.World.Tests;

/// <summary>One secret as it is outside: its credentials at the vendor, the places that hold values, the clients that use them.</summary>
internal sealed class Unit(int number, UnitKind kind, Policy policy)
{
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    public int Number { get; } = number;

    public UnitKind Kind { get; } = kind;

    /// <summary>As the catalog has it; as it last had it, once it has left.</summary>
    public Policy Policy { get; set; } = policy;

    /// <summary>It stands in the catalog.</summary>
    public bool IsInCatalog { get; set; } = true;

    /// <summary>Nobody uses it any more: it is being retired, at a person's word.</summary>
    public bool IsLeft { get; set; }

    public List<WorldCredential> Credentials { get; } = [];

    public SortedDictionary<string, Place> Places { get; } = new(StringComparer.Ordinal);

    /// <summary>Clients read their places only when they are restarted.</summary>
    public bool HasConsumer => Policy.Consumers.Count > 0;

    /// <summary>The newest rotation on record, and since when (true time).</summary>
    public (int Number, DateTimeOffset At) Newest { get; set; }

    public string? NewestId { get; set; }

    /// <summary>That one has not ended.</summary>
    public bool IsRotating { get; set; }

    /// <summary>A plan that ends the old credential before there is a new one, or one whose lease ended meanwhile, locks out until it has
    /// come to its end: it says so.</summary>
    public string? MayBeLockedOutBy { get; set; }

    /// <summary>The rotations whose credential became the current one; 0 for the one of before.</summary>
    public HashSet<int> Promoted { get; } = [];

    /// <summary>The next number of that name, 1 for the first.</summary>
    public int Count(string name) => _counts[name] = _counts.GetValueOrDefault(name) + 1;

    public WorldCredential? Find(string? value) => value is null ? null : Credentials.FindLast(one => one.Value == value);

    public bool Authenticates(string? value, DateTimeOffset now) => Find(value)?.Works(now) == true;

    /// <summary>Changes what stands at a place, and remembers until when what stood there was used.</summary>
    public void Put(Place place, string? text, DateTimeOffset now)
    {
        Hold(now);
        place.Text = text;
        if (!HasConsumer)
        {
            place.Loaded = text;
        }

        Hold(now);
    }

    /// <summary>Whatever is used at this moment is used now.</summary>
    public void Hold(DateTimeOffset now)
    {
        foreach (var place in Places.Values.Where(place => !place.IsLeft))
        {
            Held(Place.Primary(place.Text), now);
            Held(Place.Primary(place.Loaded), now);
        }
    }

    /// <summary>The consumers read their places.</summary>
    public void Restart(DateTimeOffset now)
    {
        Hold(now);
        foreach (var place in Places.Values)
        {
            place.Loaded = place.Text;
        }

        Hold(now);
    }

    private void Held(string? value, DateTimeOffset now)
    {
        if (Find(value) is { } credential)
        {
            (credential.Published, credential.LastHeld) = (true, now);
        }
    }
}
