using Rotunda.Ledger;

namespace Rotunda.Activities.Tests.Ledger;

/// <summary>The dictionary that very many secrets are found in: what has changed is exchanged in it, and is told to whoever asks.</summary>
public sealed class SecretDictionaryTests
{
    private static readonly DateTimeOffset s_adopted = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Names_are_found_and_come_in_order()
    {
        var table = SecretDictionary.Empty.With([One("b"), One("a")]).With([One("c"), One("B")]);

        Assert.Equal(["B", "a", "b", "c"], table.InOrder.Select(secret => secret.Name));
        Assert.Equal(["B", "a", "b", "c"], table.Keys);
        Assert.Equal(table.InOrder, table.Values);
        Assert.All(table, pair => Assert.Same(pair.Value, table[pair.Key]));
        Assert.Equal(4, table.Count);
        Assert.False(table.TryGetValue("d", out _));
        Assert.False(table.ContainsKey("A"));
        Assert.Throws<KeyNotFoundException>(() => table["d"]);
    }

    [Fact]
    public void What_has_changed_takes_its_place_and_the_earlier_one_stays_as_it_was()
    {
        var before = SecretDictionary.Empty.With([One("a"), One("b")]);
        var after = before.With([One("b", number: 7)]);

        Assert.Equal(0, before["b"].LastNumber);
        Assert.Equal(7, after["b"].LastNumber);
        Assert.Same(before["a"], after["a"]);
        Assert.Same(after, after.With([]));
    }

    [Fact]
    public void What_has_changed_since_is_told()
    {
        var first = SecretDictionary.Empty.With([One("a"), One("b"), One("c")]);
        var second = first.With([One("b", number: 1)]);
        var third = second.With([One("c", number: 1)]);

        Assert.Equal([], first.ChangedSince(first)!);
        Assert.Equal(["b"], second.ChangedSince(first)!);
        Assert.Equal(["b", "c"], third.ChangedSince(first)!);
        Assert.Equal(["c"], third.ChangedSince(second)!);
    }

    [Fact]
    public void Where_a_name_has_come_all_have_to_be_looked_at()
    {
        var first = SecretDictionary.Empty.With([One("a")]);
        var second = first.With([One("a", number: 1), One("b")]);

        Assert.Null(second.ChangedSince(first));
        Assert.Null(second.ChangedSince(SecretDictionary.Empty));
        Assert.Equal(1, second["a"].LastNumber);
    }

    private static SecretRecord One(string name, int number = 0) => new(name, "00", number, s_adopted, null, null, 0, null);
}
