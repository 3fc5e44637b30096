using System.Runtime.InteropServices;

namespace Rotunda.Rotation.Catalog;

/// <summary>What the secrets of one file touch, as hash codes: two secrets that touch the same have one that is the same. So of very
/// many secrets only a few have to be compared.</summary>
internal sealed class SecretTouches
{
    private readonly List<Touch> _writes = [];
    private readonly List<Touch> _reads = [];
    private readonly List<Touch> _accounts = [];

    /// <summary>The places that targets write.</summary>
    public IReadOnlyList<Touch> Writes => _writes;

    /// <summary>The files and the secrets that references lead to, each by its name.</summary>
    public IReadOnlyList<Touch> Reads => _reads;

    /// <summary>The accounts whose values rotations set.</summary>
    public IReadOnlyList<Touch> Accounts => _accounts;

    public static int HashOf(string text) => StringComparer.Ordinal.GetHashCode(text);

    /// <param name="turn">Which secret of its file it is.</param>
    public void Add(int turn, Policy policy, CatalogPlaces places)
    {
        foreach (var target in policy.Targets)
        {
            var written = places.Of(policy, target);
            if (written.Count > 0)
            {
                _writes.Add(new Touch(HashOf(written[0].Where), turn));
            }
            if (written.Count > 1 && written.DistinctBy(place => place.Id, StringComparer.Ordinal).Count() < written.Count)
            {
                // It is in its own way.
                _writes.Add(_writes[^1]);
            }
        }
        var bindings = policy.Targets.Select(target => target.Provider).Concat(policy.Consumers.Select(consumer => consumer.Provider));
        foreach (var reference in bindings.Prepend(policy.Provider).SelectMany(
            binding => CatalogPlaces.ReferencesOf(binding, places.Descriptors)))
        {
            if (reference.Scheme is SecretReference.File or SecretReference.Store)
            {
                _reads.Add(new Touch(HashOf(reference.Name), turn));
            }
        }
        foreach (var account in AccountRules.AccountsOf(policy, places.Descriptors))
        {
            _accounts.Add(new Touch(account.GetHashCode(), turn));
        }
    }

    /// <summary>Once all are there: nothing is held for more.</summary>
    public void Close()
    {
        _writes.TrimExcess();
        _reads.TrimExcess();
        _accounts.TrimExcess();
    }

    /// <param name="Turn">Which secret of its file it is.</param>
    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct Touch(int Hash, int Turn);
}
