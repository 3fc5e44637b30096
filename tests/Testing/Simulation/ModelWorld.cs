using Rotunda.Rotation.Orchestrations;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Testing.Simulation;

/// <summary>A row of the model's ledger: one value ever minted. Value 0 while it is not known.</summary>
public sealed class ModelRow(int rotation)
{
    public int Rotation { get; } = rotation;
    public int Value { get; set; }
    public string? Account { get; set; }
    public CredentialState State { get; set; } = CredentialState.Minting;

    public override string ToString() => $"v{Value}(rotation {Rotation}, {State})";
}

/// <summary>What a target holds.</summary>
public sealed record ModelDelivery(int Primary, int? Secondary = null)
{
    public bool Accepts(int value) => value == Primary || value == Secondary;

    public override string ToString() => Secondary is null ? $"{{v{Primary}}}" : $"{{v{Primary}, v{Secondary}}}";
}

/// <summary>
/// One secret's whole outside, small enough to hold in the head: a provider with live values, targets that hold them, and the
/// ledger. Values are numbers. The steps on it are in <see cref="ModelSteps"/>, the promises in <see cref="ModelPromises"/>.
/// </summary>
public sealed class ModelWorld
{
    public ModelWorld(Strategy strategy, IReadOnlyList<string> targets)
    {
        Strategy = strategy;
        var first = new ModelRow(0) { Value = 1, Account = "a", State = CredentialState.Active };
        Rows.Add(first);
        Live[1] = 0;
        Accounts["a"] = 1;
        foreach (var target in targets)
        {
            Targets[target] = new ModelDelivery(1);
        }
    }

    public Strategy Strategy { get; }

    /// <summary>The newest rotation's number. Steps of an older one have no effect any more.</summary>
    public int Fence { get; set; }

    public DateTimeOffset Now { get; set; }

    public int LastValue { get; set; } = 1;

    /// <summary>Values that authenticate at the provider, with the rotation in their label. Not used for dual-key.</summary>
    public SortedDictionary<int, int> Live { get; } = [];

    /// <summary>With alternate and in-place: each account's value.</summary>
    public SortedDictionary<string, int> Accounts { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, ModelDelivery> Targets { get; } = new(StringComparer.Ordinal);

    public List<ModelRow> Rows { get; } = [];

    /// <summary>What stood at a target before a rotation's first delivery of its own.</summary>
    public Dictionary<(int Rotation, string Target), ModelDelivery> Before { get; } = [];

    /// <summary>The rotations that have set a value on an account.</summary>
    public HashSet<int> Applied { get; } = [];

    /// <summary>The row that was active when a rotation promoted its own.</summary>
    public Dictionary<int, ModelRow> ActiveBefore { get; } = [];

    public Dictionary<int, RotationPlan> Plans { get; } = [];

    public Dictionary<(int Rotation, int Sequence), RecordInput> Records { get; } = [];

    public HashSet<int> Proven { get; } = [];

    /// <summary>Rotations whose last look before the old credential's end let them go on.</summary>
    public HashSet<int> Released { get; } = [];

    public Dictionary<int, DateTimeOffset> PromotedAt { get; } = [];

    /// <summary>With re-encrypt: the value that each stored row is under.</summary>
    public int[] Stored { get; } = [1, 1, 1];

    /// <summary>The rotations that keep the stored rows of before.</summary>
    public HashSet<int> Backups { get; } = [];

    /// <summary>The application writes a stored row, as each target would.</summary>
    public void Write(int row, int target)
    {
        if (Strategy == Strategy.ReEncrypt)
        {
            Stored[row % Stored.Length] = Targets.Values.ElementAt(target % Targets.Count).Primary;
        }
    }

    public ModelRow Active => Rows.Single(r => r.State == CredentialState.Active);

    /// <summary>The rotation's own value, if there is one that was not revoked.</summary>
    public ModelRow? NewOf(int rotation) => Rows.LastOrDefault(r => r.Rotation == rotation && r.State != CredentialState.Revoked);

    /// <summary>The value the rotation replaces.</summary>
    public ModelRow OldOf(int rotation) =>
        ActiveBefore.TryGetValue(rotation, out var before) && Active.Rotation == rotation ? before : Active;

    public IEnumerable<RecordInput> RecordsOf(int rotation) =>
        Records.Where(r => r.Key.Rotation == rotation).OrderBy(r => r.Key.Sequence).Select(r => r.Value);

    public override string ToString() =>
        $"live [{string.Join(" ", Live.Keys.Select(v => $"v{v}"))}] targets "
            + $"[{string.Join(" ", Targets.Select(t => $"{t.Key}={t.Value}"))}] ledger [{string.Join(" ", Rows)}]";
}
