namespace Rotunda.Rotation.Catalog;

/// <summary>Collects the problems of one file.</summary>
internal sealed class CatalogProblems(string file)
{
    private readonly List<CatalogProblem> _all = [];
    private readonly List<CatalogProblem> _warnings = [];

    public int Count => _all.Count;

    public void Add(CatalogNode at, string message) => Add(at.Line, at.Column, message);

    public void Add(int line, int column, string message)
    {
        var problem = new CatalogProblem(file, line, column, message);
        // An aliased node is read once per use, and would be reported as often.
        if (!_all.Contains(problem))
        {
            _all.Add(problem);
        }
    }

    /// <summary>What a person should know, and that does not make the catalog invalid.</summary>
    public void Warn(CatalogNode at, string message) => _warnings.Add(new CatalogProblem(file, at.Line, at.Column, message));

    public IReadOnlyList<CatalogProblem> WarningsInOrder() => [.. _warnings.OrderBy(p => p.Line).ThenBy(p => p.Column)];

    public IReadOnlyList<CatalogProblem> InOrder() => [.. _all.OrderBy(p => p.Line).ThenBy(p => p.Column)];
}
