using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Rotunda.Activities.Checks;
using Rotunda.Activities.Listing;
using Rotunda.Ledger;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Registry;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>
/// Takes secrets that are new to the catalog into the ledger with what is known of the credential in use. Never rotates, and changes
/// nothing outside: it reads the reference that tells the current value, and where that tells no id, the provider's list.
/// </summary>
public sealed partial class CatalogAdoption(
    ILedger ledger,
    StoreRegistry stores,
    IReferenceResolver references,
    ProviderRegistry providers,
    SecretRenaming renaming,
    CurrentFinder finder,
    TimeProvider time,
    ILogger<CatalogAdoption> logger)
{
    private const int SideBySide = 8;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>The store's owner word for adopted values.</summary>
    public const string Owner = "adopted";

    private const string Actor = "catalog";
    private readonly AttemptLimit _limit = new(time);
    private readonly ConcurrentDictionary<string, string> _problems = new(StringComparer.Ordinal);

    /// <summary>A catalog and the secrets of the ledger that are as it says: nothing is to be done while both are the same.</summary>
    private volatile Settled? _settled;

    private sealed record Settled(RotationCatalog Catalog, SecretDictionary Secrets);

    /// <summary>Secrets that could not be adopted, and why. Tried again at each sweep.</summary>
    public IReadOnlyDictionary<string, string> Problems => _problems;

    public async Task AdoptAllAsync(RotationCatalog catalog, CancellationToken cancellationToken)
    {
        var known = await ledger.SecretsByNameAsync(cancellationToken);
        var settled = _settled is { } before && ReferenceEquals(before.Catalog, catalog) ? before.Secrets : null;
        if (ReferenceEquals(settled, known))
        {
            return;
        }

        // Side by side: a store that does not answer keeps only its own secrets waiting.
        await Parallel.ForEachAsync(
            Unsettled(catalog, settled, known).Where(policy => !known.TryGetValue(policy.Name, out var secret)
                || secret.RenamedTo is not null || (!_problems.IsEmpty && _problems.ContainsKey(policy.Name))),
            new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = cancellationToken },
            async (policy, stop) => await EnsureAdoptedAsync(catalog, policy, stop));

        known = await ledger.SecretsByNameAsync(cancellationToken);
        var (others, hasAll) = (new List<SecretInterval>(), true);
        foreach (var policy in Unsettled(catalog, settled, known))
        {
            if (!known.TryGetValue(policy.Name, out var secret))
            {
                hasAll = false;
            }
            else if ((secret.Interval, secret.RenewBefore) != (policy.Interval, policy.RenewBefore) && !_problems.ContainsKey(policy.Name))
            {
                others.Add(new SecretInterval(policy.Name, policy.Interval, policy.RenewBefore));
            }
        }

        await ledger.SetIntervalsAsync(others, cancellationToken);

        foreach (var gone in _problems.Keys.Where(name => !catalog.Policies.ContainsKey(name)))
        {
            _problems.TryRemove(gone, out _);
        }

        _settled = hasAll && others.Count == 0 && _problems.IsEmpty ? new Settled(catalog, known) : null;
    }

    /// <summary>Those whose record in the ledger has changed since all were as the catalog says; all of them where that was never so, or
    /// where names have changed.</summary>
    private static IEnumerable<Policy> Unsettled(RotationCatalog catalog, SecretDictionary? settled, SecretDictionary known) =>
        (settled is null ? null : known.ChangedSince(settled)) is { } changed
            ? changed.Select(name => catalog.Policies.GetValueOrDefault(name)).OfType<Policy>()
            : catalog.Policies.Values;

    public async Task EnsureAdoptedAsync(RotationCatalog catalog, Policy policy, CancellationToken cancellationToken)
    {
        if (await ledger.GetSecretAsync(policy.Name, cancellationToken) is { } known)
        {
            if (known.RenamedTo is { } renamed)
            {
                _problems[policy.Name] = $"this name is that of the secret which is now '{renamed}'. Choose another.";
                return;
            }

            _problems.TryRemove(policy.Name, out _);
            return;
        }

        try
        {
            if (await renaming.CarryAsync(catalog, policy, cancellationToken))
            {
                _problems.TryRemove(policy.Name, out _);
                return;
            }

            var current = await FindInTimeAsync(catalog, policy, cancellationToken);
            var (_, isNew) = await ledger.AdoptAsync(new AdoptSecret(policy.Name, Actor, current), cancellationToken);
            _problems.TryRemove(policy.Name, out _);
            if (isNew)
            {
                LogAdopted(policy.Name, current?.Fingerprint ?? "unknown");
            }
        }
        catch (Exception problem) when (!cancellationToken.IsCancellationRequested)
        {
            // One secret that cannot be adopted (its file is missing, its store does not answer) must not keep the others waiting.
            if (!_problems.TryGetValue(policy.Name, out var before) || before != problem.Message)
            {
                LogNotAdopted(policy.Name, problem.Message);
            }

            _problems[policy.Name] = problem.Message;
        }
    }

    /// <summary>
    /// Takes what <c>current:</c> tells now in the place of what was believed, at the word of a person: the credential was changed outside,
    /// or was told wrongly. Touches nothing but the store.
    /// </summary>
    /// <returns>False while a rotation of the secret is open.</returns>
    /// <exception cref="ArgumentException">The catalog tells nothing of the credential in use, or it could not be adopted.</exception>
    public async Task<bool> CorrectAsync(
        RotationCatalog catalog,
        Policy policy,
        string actor,
        string reason,
        CancellationToken cancellationToken)
    {
        if (policy.Current is null)
        {
            throw new ArgumentException(
                $"The catalog says nothing of the credential in use. Write \"current: {{ id: …, value: … }}\" at {policy.Name} first.");
        }

        if (await ledger.GetSecretAsync(policy.Name, cancellationToken) is not { } secret)
        {
            await EnsureAdoptedAsync(catalog, policy, cancellationToken);
            return _problems.TryGetValue(policy.Name, out var problem) ? throw new ArgumentException(problem) : true;
        }

        if (secret.ActiveRotationId is not null)
        {
            return false;
        }

        var current = policy.Current.ValueReference is { } reference
            ? await KeepAsync(catalog, policy, reference, secret.Salt, cancellationToken)
            : await WithIdAsync(policy, ByIdOf(policy), null, cancellationToken);
        if (!await ledger.CorrectAsync(new AdoptSecret(policy.Name, actor, current), reason, cancellationToken))
        {
            return false;
        }

        LogCorrected(policy.Name, current.Fingerprint ?? "unknown");
        return true;
    }

    /// <exception cref="TimeoutException">It was not found out in time.</exception>
    private async Task<AdoptedCredential?> FindInTimeAsync(RotationCatalog catalog, Policy policy, CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(Limit, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        try
        {
            return await _limit.RunAsync(policy.Name, token => FindCurrentAsync(catalog, policy, token), stop.Token);
        }
        catch (Exception problem) when (problem is OperationCanceledException or GivenUpException
            && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"the store or the reference to the current value did not answer within {DurationText.Format(Limit)}. Look at what it "
                    + "waits for: a network, a mount, a disk.",
                problem);
        }
    }

    private async Task<AdoptedCredential?> FindCurrentAsync(RotationCatalog catalog, Policy policy, CancellationToken cancellationToken)
    {
        var store = stores.Open(policy.Store, catalog.Stores, references);
        var account = AccountOf(policy);
        var id = policy.Current?.Id ?? account;
        if (policy.Current?.ValueReference is { } reference)
        {
            return await KeepAsync(catalog, policy, reference, NewSalt(), cancellationToken);
        }

        if (await store.CurrentAsync(policy.Name, cancellationToken) is { } stored)
        {
            using var value = await store.GetAsync(stored, cancellationToken);
            return await WithIdAsync(policy, WithFingerprint(id, account, value, stored, NewSalt()), value, cancellationToken);
        }

        var told = ByIdOf(policy);
        return await WithIdAsync(policy, told, null, cancellationToken) is { ProviderCredentialId: not null } found ? found : null;
    }

    private AdoptedCredential ByIdOf(Policy policy) => new(policy.Current?.Id ?? AccountOf(policy), AccountOf(policy), null, null, null);

    /// <summary>Where nothing tells its id, the provider may.</summary>
    private async Task<AdoptedCredential> WithIdAsync(
        Policy policy,
        AdoptedCredential known,
        SecretValue? value,
        CancellationToken cancellationToken) =>
        known.ProviderCredentialId is null && await finder.FindAsync(policy, value, cancellationToken) is { } found
            ? known with { ProviderCredentialId = found.Handle.Id, ExpiresAt = found.ExpiresAt }
            : known;

    /// <summary>
    /// Puts the value that the reference tells into the store as the current one, before the ledger has it: until that says otherwise
    /// nothing acts on it, and whoever reads the store has by then what is said to be in use. Cut off anywhere, the same again levels it.
    /// </summary>
    private async Task<AdoptedCredential> KeepAsync(
        RotationCatalog catalog,
        Policy policy,
        string reference,
        string salt,
        CancellationToken cancellationToken)
    {
        var account = AccountOf(policy);
        var store = stores.Open(policy.Store, catalog.Stores, references);
        using var told = await references.ResolveAsync(reference, cancellationToken);

        // By its fingerprint: a store gives back what it already has for an owner.
        var owner = await ledger.GetSecretAsync(policy.Name, cancellationToken) is null ? Owner : $"{Owner}-{Fingerprint.Of(told, salt)}";
        var kept = await store.PutPendingAsync(policy.Name, owner, told, cancellationToken);
        await store.PromoteAsync(kept, cancellationToken);
        return await WithIdAsync(
            policy,
            WithFingerprint(policy.Current?.Id ?? account, account, told, kept, salt),
            told,
            cancellationToken);
    }

    private static string NewSalt() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    private static AdoptedCredential WithFingerprint(string? id, string? account, SecretValue value, SecretRef kept, string salt) =>
        new(id, account, Fingerprint.Of(value, salt), kept, salt);

    /// <summary>The account of the credential in use: the only one there is, or the one of two that <c>current:</c> names.</summary>
    private string? AccountOf(Policy policy)
    {
        if (!providers.Descriptors.TryGetValue(policy.Provider.Type, out var descriptor))
        {
            return null;
        }

        var settings = new ProviderSettings(policy.Provider.Settings, references);
        if (descriptor.AccountsSetting is { } accounts
            && policy.Current?.Id is { } id
            && settings.TextList(accounts).Contains(id, StringComparer.Ordinal))
        {
            return id;
        }

        return descriptor.AccountSetting is { } account ? settings.Text(account) : null;
    }
}
