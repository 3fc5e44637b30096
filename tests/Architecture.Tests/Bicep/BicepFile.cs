namespace Rotunda.Architecture.Tests.Bicep;

/// <summary>A .bicep or .bicepparam file, read.</summary>
internal sealed class BicepFile
{
    public required string Path { get; init; }

    /// <summary>Parameters of a module; in a parameter file those that it sets (<see cref="BicepParameter.Default"/> is the value).</summary>
    public List<BicepParameter> Parameters { get; } = [];

    public List<BicepOutput> Outputs { get; } = [];

    public List<BicepModule> Modules { get; } = [];

    /// <summary>Resources, those nested in others included.</summary>
    public List<BicepResource> Resources { get; } = [];

    public Dictionary<string, BicepNode> Variables { get; } = new(StringComparer.Ordinal);

    /// <summary>The module that a parameter file is for.</summary>
    public string? Using { get; set; }

    /// <summary>The name without its folder.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    public override string ToString() => Name;

    public static BicepFile Load(string path) => BicepParser.Parse(path, File.ReadAllText(path));

    /// <summary>Every expression of the file.</summary>
    public IEnumerable<BicepNode> Expressions() =>
        Variables.Values
            .Concat(Parameters.Select(p => p.Default).OfType<BicepNode>())
            .Concat(Outputs.Select(o => o.Value))
            .Concat(Modules.Select(m => m.Body))
            .Concat(Resources.Where(r => r.Parent is null).Select(r => r.Body))
            .SelectMany(node => node.All());
}

/// <param name="Type">As it is written: string, int, bool, object, string[].</param>
internal sealed record BicepParameter(string Name, string Type, string? Description, BicepNode? Default)
{
    public bool IsRequired => Default is null && !Type.EndsWith('?');
}

internal sealed record BicepOutput(string Name, string Type, string? Description, BicepNode Value);

/// <param name="Source">The path as written, relative to the file.</param>
internal sealed record BicepModule(string Symbol, string Source, BicepNode Body)
{
    public BicepObject Object => BicepResource.ObjectOf(Body);
}

/// <param name="Type">Full type without the version, that of a nested resource included: <c>Microsoft.Web/sites/config</c>.</param>
internal sealed record BicepResource(string Symbol, string Type, string? Version, bool IsExisting, BicepNode Body, string? Parent)
{
    public BicepObject Object => ObjectOf(Body);

    public static BicepObject ObjectOf(BicepNode body) => body switch
    {
        BicepObject found => found,
        BicepCondition condition => ObjectOf(condition.Body),
        BicepScope loop => ObjectOf(loop.Body),
        BicepList { Items: [var only] } => ObjectOf(only),
        _ => throw new InvalidDataException("A body is neither an object, a condition nor a loop."),
    };
}
