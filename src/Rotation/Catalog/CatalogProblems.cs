using Rotunda.Yaml;

namespace Rotunda.Rotation.Catalog;

/// <summary>Collects problems: those of one file, and those that rules across files find elsewhere.</summary>
internal sealed class CatalogProblems(string file)
{
    private readonly List<CatalogProblem> _all = [];
    private readonly HashSet<CatalogProblem> _known = [];
    private readonly List<CatalogProblem> _warnings = [];

    public int Count => _all.Count;

    public void Add(YamlNode at, string message) => Add(at.Line, at.Column, message);

    public void Add(int line, int column, string message) => Add(new CatalogProblem(file, line, column, message));

    public void Add(CatalogSpot at, string message) => Add(new CatalogProblem(at.File, at.Line, at.Column, message));

    /// <summary>Once: an aliased node is read once per use, and would be reported as often.</summary>
    public void Add(CatalogProblem problem)
    {
        if (_known.Add(problem))
        {
            _all.Add(problem);
        }
    }

    /// <summary>What a person should know, and that does not make the catalog invalid.</summary>
    public void Warn(YamlNode at, string message) => Warn(new CatalogProblem(file, at.Line, at.Column, message));

    public void Warn(CatalogSpot at, string message) => Warn(new CatalogProblem(at.File, at.Line, at.Column, message));

    public void Warn(CatalogProblem warning) => _warnings.Add(warning);

    public IReadOnlyList<CatalogProblem> WarningsInOrder(IReadOnlyList<string>? files = null) => InOrder(_warnings, files);

    /// <param name="files">The order of the files; null where there is one.</param>
    public IReadOnlyList<CatalogProblem> InOrder(IReadOnlyList<string>? files = null) => InOrder(_all, files);

    private static IReadOnlyList<CatalogProblem> InOrder(List<CatalogProblem> all, IReadOnlyList<string>? files)
    {
        if (all.Count == 0)
        {
            return [];
        }
        var turns = (files ?? []).Index().ToDictionary(one => one.Item, one => one.Index, StringComparer.Ordinal);
        return [.. all.OrderBy(one => turns.GetValueOrDefault(one.File)).ThenBy(one => one.Line).ThenBy(one => one.Column)];
    }
}
