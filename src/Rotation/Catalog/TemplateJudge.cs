using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Catalog;

/// <summary>Remembers what was found of a template: very many secrets have the same one, and each is tried with the worst values that
/// there may be.</summary>
internal sealed class TemplateJudge
{
    private readonly Dictionary<Case, string?> _known = [];

    /// <param name="judge">Depends on nothing but the case.</param>
    public string? Find(Case one, Func<string?> judge) => _known.TryGetValue(one, out var problem) ? problem : _known[one] = judge();

    /// <param name="Characters">Those that a value may have.</param>
    /// <param name="Dialects">Who reads the file, as the setting says.</param>
    public readonly record struct Case(
        string Text, TemplateForm Form, Strategy Strategy, string? Characters, bool KnowsStrategy, string Dialects);
}
