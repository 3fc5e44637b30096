using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Catalog;

/// <summary>The secrets of all files together, and what they must be to each other.</summary>
internal sealed class WholeCatalog
{
    private const int ManyNames = 5000;
    private const int MostGuesses = 20;

    private readonly Dictionary<string, Policy> _policies;
    private readonly Dictionary<string, ReadSecret> _secrets;
    private readonly IReadOnlyDictionary<string, ProviderDescriptor> _descriptors;
    private readonly CatalogProblems _problems;
    private int _suggested;

    /// <param name="files">The secrets of each file.</param>
    /// <param name="isWhole">False where a file is missing or broken: then a name that is not known is no fault.</param>
    public WholeCatalog(
        IReadOnlyList<IReadOnlyList<ReadSecret>> files,
        IReadOnlyDictionary<string, ProviderDescriptor> descriptors,
        bool isWhole,
        CatalogProblems problems)
    {
        (_descriptors, IsWhole, _problems) = (descriptors, isWhole, problems);
        var count = files.Sum(file => file.Count);
        _policies = new Dictionary<string, Policy>(count, StringComparer.Ordinal);
        _secrets = new Dictionary<string, ReadSecret>(count, StringComparer.Ordinal);
        foreach (var secret in files.SelectMany(file => file))
        {
            if (_secrets.TryAdd(secret.Policy.Name, secret))
            {
                _policies.Add(secret.Policy.Name, secret.Policy);
            }
            else
            {
                TellTwice(_secrets[secret.Policy.Name], secret);
            }
        }
    }

    public bool IsWhole { get; }

    /// <summary>By name, in the order of the files and of their texts.</summary>
    public IReadOnlyDictionary<string, Policy> Policies => _policies;

    public ReadSecret this[string name] => _secrets[name];

    /// <summary>What to say of a secret that is not there. To look through very many names takes a while, so after some there are no
    /// more guesses.</summary>
    public string Suggest(string wrong) =>
        _policies.Count <= ManyNames || ++_suggested <= MostGuesses ? Suggestion.For(wrong, _policies.Keys) : "Correct the name.";

    public void Check()
    {
        var renamed = _policies.Values.Where(policy => policy.Was is not null).ToLookup(policy => policy.Was!, StringComparer.Ordinal);
        foreach (var policy in renamed.SelectMany(one => one))
        {
            CheckWas(policy, renamed[policy.Was!].Count() > 1);
        }
        CatalogRules.Check(this, _descriptors, _problems);
    }

    private void CheckWas(Policy policy, bool isTwice)
    {
        if (_policies.ContainsKey(policy.Was!))
        {
            _problems.Add(
                _secrets[policy.Name].Spot,
                $"{policy.Name}.was: the catalog has a secret \"{policy.Was}\" still. A name goes on under one other: remove one of "
                    + "the two.");
        }
        else if (isTwice)
        {
            _problems.Add(
                _secrets[policy.Name].Spot,
                $"{policy.Name}.was: another secret says that it was \"{policy.Was}\" too. Only one of them can be.");
        }
    }

    private void TellTwice(ReadSecret first, ReadSecret second)
    {
        void Tell(CatalogSpot at, CatalogSpot other) => _problems.Add(
            at,
            $"{first.Policy.Name}: {other.File}:{other.Line}:{other.Column} has a secret of this name too. Remove or rename one of the "
                + "two.");

        Tell(first.Spot, second.Spot);
        Tell(second.Spot, first.Spot);
    }
}
