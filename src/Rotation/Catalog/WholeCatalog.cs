using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Catalog;

/// <summary>The secrets of all files together, and what they must be to each other.</summary>
internal sealed class WholeCatalog
{
    private const int ManyNames = 5000;
    private const int MostGuesses = 20;

    private readonly IReadOnlyList<FileSecrets> _files;
    private readonly Dictionary<string, Policy> _policies;
    private readonly IReadOnlyDictionary<string, ProviderDescriptor> _descriptors;
    private readonly CatalogProblems _problems;
    private Dictionary<string, ReadSecret>? _secrets;
    private int _suggested;

    /// <param name="files">The secrets of each file.</param>
    /// <param name="isWhole">False where a file is missing or broken: then a name that is not known is no fault.</param>
    public WholeCatalog(
        IReadOnlyList<FileSecrets> files,
        IReadOnlyDictionary<string, ProviderDescriptor> descriptors,
        bool isWhole,
        CatalogProblems problems)
    {
        (_files, _descriptors, IsWhole, _problems) = (files, descriptors, isWhole, problems);
        _policies = new Dictionary<string, Policy>(files.Sum(file => file.Policies.Count), StringComparer.Ordinal);
        foreach (var secret in files.SelectMany(file => file.All))
        {
            if (!_policies.TryAdd(secret.Policy.Name, secret.Policy))
            {
                TellTwice(this[secret.Policy.Name], secret);
            }
        }
    }

    public bool IsWhole { get; }

    /// <summary>By name, in the order of the files and of their texts.</summary>
    public IReadOnlyDictionary<string, Policy> Policies => _policies;

    /// <summary>Who asks has found a problem, or something to warn of.</summary>
    public ReadSecret this[string name] => (_secrets ??= ByName())[name];

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
        CatalogRules.Check(this, Near(), _descriptors, _problems);
    }

    /// <summary>Those that may be in each other's way by what they touch, in order: all that are, and a few that are not.</summary>
    private IReadOnlyList<Policy> Near()
    {
        var near = new HashSet<Policy>(ReferenceEqualityComparer.Instance);
        AddTwice(touches => touches.Writes, near);
        AddTwice(touches => touches.Accounts, near);
        AddDoors(near);
        return near.Count == 0 ? [] : [.. _policies.Values.Where(near.Contains)];
    }

    private void AddTwice(Func<SecretTouches, IReadOnlyList<SecretTouches.Touch>> which, HashSet<Policy> near)
    {
        var (once, again) = (new HashSet<int>(_policies.Count), new HashSet<int>());
        foreach (var touch in _files.SelectMany(file => which(file.Touches)))
        {
            if (!once.Add(touch.Hash))
            {
                again.Add(touch.Hash);
            }
        }
        Add(which, (_, touch) => again.Contains(touch.Hash), near);
    }

    /// <summary>What secrets in place write, or are, with those whose references lead there.</summary>
    private void AddDoors(HashSet<Policy> near)
    {
        var doors = _policies.Values.Where(policy => policy.Strategy == Strategy.InPlace)
            .Select(policy => SecretTouches.HashOf(policy.Name)).ToHashSet();
        if (doors.Count == 0)
        {
            return;
        }
        var read = _files.SelectMany(file => file.Touches.Reads).Select(touch => touch.Hash).ToHashSet();
        bool IsDoor(Policy policy, SecretTouches.Touch touch) => policy.Strategy == Strategy.InPlace && read.Contains(touch.Hash);
        doors.UnionWith(_files.SelectMany(file => file.Touches.Writes.Where(touch => IsDoor(file.Policies[touch.Turn], touch)))
            .Select(touch => touch.Hash));
        Add(touches => touches.Writes, IsDoor, near);
        Add(touches => touches.Reads, (_, touch) => doors.Contains(touch.Hash), near);
    }

    private void Add(
        Func<SecretTouches, IReadOnlyList<SecretTouches.Touch>> which, Func<Policy, SecretTouches.Touch, bool> isNear, HashSet<Policy> near)
    {
        foreach (var file in _files)
        {
            near.UnionWith(which(file.Touches).Where(touch => isNear(file.Policies[touch.Turn], touch))
                .Select(touch => file.Policies[touch.Turn]));
        }
    }

    /// <summary>Of two of one name the first.</summary>
    private Dictionary<string, ReadSecret> ByName()
    {
        var secrets = new Dictionary<string, ReadSecret>(_policies.Count, StringComparer.Ordinal);
        foreach (var secret in _files.SelectMany(file => file.All))
        {
            secrets.TryAdd(secret.Policy.Name, secret);
        }
        return secrets;
    }

    private void CheckWas(Policy policy, bool isTwice)
    {
        if (_policies.ContainsKey(policy.Was!))
        {
            _problems.Add(
                this[policy.Name].Spot,
                $"{policy.Name}.was: the catalog has a secret \"{policy.Was}\" still. A name goes on under one other: remove one of "
                    + "the two.");
        }
        else if (isTwice)
        {
            _problems.Add(
                this[policy.Name].Spot,
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
