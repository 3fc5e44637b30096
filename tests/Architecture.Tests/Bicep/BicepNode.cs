namespace Rotunda.Architecture.Tests.Bicep;

/// <summary>An expression of a Bicep file, as far as the tests look into it.</summary>
internal abstract record BicepNode
{
    /// <summary>The node and all below it.</summary>
    public IEnumerable<BicepNode> All() => Children.SelectMany(child => child.All()).Prepend(this);

    /// <summary>The text of a string without interpolation, else null.</summary>
    public string? Literal => this is BicepText { Holes.Count: 0 } text ? text.Parts[0] : null;

    /// <summary>A dotted name such as <c>roles.owner</c> or <c>storage::blobs</c>, else null.</summary>
    public string? Path => this switch
    {
        BicepName name => name.Name,
        BicepMember { Target.Path: { } target } member => target + (member.IsNested ? "::" : ".") + member.Member,
        _ => null,
    };

    protected abstract IEnumerable<BicepNode> Children { get; }
}

/// <param name="Parts">The literal pieces: one more than there are holes.</param>
internal sealed record BicepText(IReadOnlyList<string> Parts, IReadOnlyList<BicepNode> Holes) : BicepNode
{
    protected override IEnumerable<BicepNode> Children => Holes;
}

internal sealed record BicepNumber(long Value) : BicepNode
{
    protected override IEnumerable<BicepNode> Children => [];
}

/// <summary>A symbol, or one of true, false and null.</summary>
internal sealed record BicepName(string Name) : BicepNode
{
    protected override IEnumerable<BicepNode> Children => [];
}

internal sealed record BicepObject(IReadOnlyList<KeyValuePair<BicepNode, BicepNode>> Properties, IReadOnlyList<BicepResource> Nested) : BicepNode
{
    public BicepNode? this[string key] => Properties.FirstOrDefault(p => KeyOf(p.Key) == key).Value;

    public IEnumerable<string> Keys => Properties.Select(p => KeyOf(p.Key)).OfType<string>();

    /// <summary>A key that is a plain name is no symbol; one that is a text may have symbols in it.</summary>
    protected override IEnumerable<BicepNode> Children =>
        Properties.SelectMany(p => p.Key is BicepName ? [p.Value] : new[] { p.Key, p.Value }).Concat(Nested.Select(n => n.Body));

    /// <summary>Null for a key that is computed.</summary>
    public static string? KeyOf(BicepNode key) => (key as BicepName)?.Name ?? key.Literal;
}

internal sealed record BicepList(IReadOnlyList<BicepNode> Items) : BicepNode
{
    protected override IEnumerable<BicepNode> Children => Items;
}

internal sealed record BicepCall(BicepNode Function, IReadOnlyList<BicepNode> Arguments) : BicepNode
{
    protected override IEnumerable<BicepNode> Children => Arguments.Prepend(Function);
}

internal sealed record BicepMember(BicepNode Target, string Member, bool IsNested) : BicepNode
{
    protected override IEnumerable<BicepNode> Children => [Target];
}

internal sealed record BicepIndex(BicepNode Target, BicepNode Index) : BicepNode
{
    protected override IEnumerable<BicepNode> Children => [Target, Index];
}

/// <summary>Operands of an operator, also of the choice <c>a ? b : c</c> and of a lambda's body.</summary>
internal sealed record BicepOperation(string Operator, IReadOnlyList<BicepNode> Operands) : BicepNode
{
    protected override IEnumerable<BicepNode> Children => Operands;
}

/// <summary>A lambda or a loop: names and what is made with them.</summary>
internal sealed record BicepScope(IReadOnlyList<string> Names, BicepNode? Over, BicepNode Body) : BicepNode
{
    protected override IEnumerable<BicepNode> Children => Over is null ? [Body] : [Over, Body];
}

/// <summary><c>if (condition) body</c>.</summary>
internal sealed record BicepCondition(BicepNode Condition, BicepNode Body) : BicepNode
{
    protected override IEnumerable<BicepNode> Children => [Condition, Body];
}
