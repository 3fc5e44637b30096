using Rotunda.Interpreter;
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
    /// <summary>Nothing: it was taken away.</summary>
    public static ModelDelivery Nothing { get; } = new(0);

    /// <summary>Something that Rotunda did not put there.</summary>
    public static ModelDelivery Foreign { get; } = new(-1);

    /// <summary>No consumer there has a value of ours.</summary>
    public bool IsAstray => Primary <= 0;

    public bool Accepts(int value) => value == Primary || value == Secondary;

    public override string ToString() => Secondary is null ? $"{{v{Primary}}}" : $"{{v{Primary}, v{Secondary}}}";
}

/// <summary>
/// One secret's whole outside, small enough to hold in the head: a provider with live values, targets that hold them, and the
/// ledger. Values are numbers. The steps on it are in <see cref="ModelSteps"/>, the promises in <see cref="ModelPromises"/>.
/// </summary>
public sealed class ModelWorld
{
    /// <summary>The label of a value that others than Rotunda have set.</summary>
    public const int Others = -1;

    private const int FirstOfOthers = 1000;
    private int _others = FirstOfOthers;

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

    /// <summary>Values that are disabled for now, with the rotation in their label.</summary>
    public SortedDictionary<int, int> Disabled { get; } = [];

    /// <summary>Values that consumers use of which Rotunda knows nothing.</summary>
    public HashSet<int> UsedElsewhere { get; } = [];

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

    /// <summary>By rotation: how often was looked for the value that a person is to give.</summary>
    public Dictionary<int, int> Looks { get; } = [];

    /// <summary>By rotation: how often was looked whether a person has ended the old credential.</summary>
    public Dictionary<int, int> Ends { get; } = [];

    /// <summary>Rotations whose last look before the old credential's end let them go on.</summary>
    public HashSet<int> Released { get; } = [];

    public Dictionary<int, DateTimeOffset> PromotedAt { get; } = [];

    /// <summary>When a deliver run brought the value in use to its last target.</summary>
    public Dictionary<int, DateTimeOffset> DeliveredAt { get; } = [];

    /// <summary>When a retirement took the last value away from its targets.</summary>
    public Dictionary<int, DateTimeOffset> WithdrawnAt { get; } = [];

    /// <summary>The rotations whose value in use was found not to work before they began.</summary>
    public HashSet<int> Refused { get; } = [];

    /// <summary>With re-encrypt: the value that each stored row is under.</summary>
    public int[] Stored { get; } = [1, 1, 1];

    /// <summary>The rotations that keep the stored rows of before.</summary>
    public HashSet<int> Backups { get; } = [];

    /// <summary>The application writes a stored row, as each target would.</summary>
    public void Write(int row, int target)
    {
        if (Strategy == Strategy.ReEncrypt && Targets.Values.ElementAt(target % Targets.Count) is { IsAstray: false } holds)
        {
            Stored[row % Stored.Length] = holds.Primary;
        }
    }

    /// <summary>What is outside and no rotation may touch before it knows that it is as believed.</summary>
    public string Outside => $"{string.Join(" ", Live)} {string.Join(" ", Accounts)} {string.Join(" ", Targets)}";

    /// <summary>Makes the world another one than the ledger believes.</summary>
    public void Diverge(ModelBeginning how)
    {
        var inUse = Active.Account!;
        var idle = inUse == "a" ? "b" : "a";
        switch (how)
        {
            case ModelBeginning.Stale:
                Live.Remove(Active.Value);
                PublishOthers(inUse);
                break;
            case ModelBeginning.Swapped:
                Live.Remove(Active.Value);
                PublishOthers(idle);
                break;
            case ModelBeginning.IdleInUse:
                UsedElsewhere.Add(SetByOthers(idle));
                break;
            case ModelBeginning.NotLocked:
                SetByOthers(idle);
                break;
        }
    }

    /// <summary>A person does what the refusal says: what is in use goes on record, and what nobody uses is locked.</summary>
    public void Mend()
    {
        UsedElsewhere.Clear();
        foreach (var (account, value) in Accounts.Where(a => Live.TryGetValue(a.Value, out var label) && label == Others).ToList())
        {
            if (Live.ContainsKey(Active.Value) || Targets.Values.All(holds => !holds.Accepts(value)))
            {
                Live.Remove(value);
            }
            else
            {
                (Active.Value, Active.Account) = (value, account);
                Live[value] = Active.Rotation;
            }
        }
    }

    private void PublishOthers(string account)
    {
        var value = SetByOthers(account);
        foreach (var target in Targets.Keys.ToList())
        {
            Targets[target] = new ModelDelivery(value);
        }
    }

    private int SetByOthers(string account)
    {
        Accounts[account] = ++_others;
        Live[_others] = Others;
        return _others;
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
