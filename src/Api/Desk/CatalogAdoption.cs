using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Rotunda.Activities.Checks;
using Rotunda.Ledger;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Registry;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>
/// Takes secrets that are new to the catalog into the ledger with what is known of the credential in use. Never rotates, and
/// touches nothing outside but the reference that tells the current value.
/// </summary>
public sealed partial class CatalogAdoption(
    ILedger ledger,
    StoreRegistry stores,
    IReferenceResolver references,
    ProviderRegistry providers,
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

    /// <summary>Secrets that could not be adopted, and why. Tried again at each sweep.</summary>
    public IReadOnlyDictionary<string, string> Problems => _problems;

    public async Task AdoptAllAsync(RotationCatalog catalog, CancellationToken cancellationToken)
    {
        // Side by side: a store that does not answer keeps only its own secrets waiting.
        await Parallel.ForEachAsync(
            catalog.Policies.Values,
            new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = cancellationToken },
            async (policy, stop) =>
            {
                await EnsureAdoptedAsync(catalog, policy, stop);
                if (!_problems.ContainsKey(policy.Name))
                {
                    await ledger.SetIntervalAsync(policy.Name, policy.Interval, stop);
                }
            });

        foreach (var gone in _problems.Keys.Where(name => !catalog.Policies.ContainsKey(name)))
        {
            _problems.TryRemove(gone, out _);
        }
    }

    public async Task EnsureAdoptedAsync(RotationCatalog catalog, Policy policy, CancellationToken cancellationToken)
    {
        if (await ledger.GetSecretAsync(policy.Name, cancellationToken) is not null)
        {
            _problems.TryRemove(policy.Name, out _);
            return;
        }

        try
        {
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
                    + "waits for: a network, a mount, a disk.");
        }
    }

    private async Task<AdoptedCredential?> FindCurrentAsync(RotationCatalog catalog, Policy policy, CancellationToken cancellationToken)
    {
        var store = stores.Open(policy.Store, catalog.Stores, references);
        var account = AccountOf(policy);
        var id = policy.Current?.Id ?? account;
        if (policy.Current?.ValueReference is { } reference)
        {
            using var told = await references.ResolveAsync(reference, cancellationToken);
            var kept = await store.PutPendingAsync(policy.Name, Owner, told, cancellationToken);
            await store.PromoteAsync(kept, cancellationToken);
            return WithFingerprint(id, account, told, kept);
        }

        if (await store.CurrentAsync(policy.Name, cancellationToken) is { } stored)
        {
            using var value = await store.GetAsync(stored, cancellationToken);
            return WithFingerprint(id, account, value, stored);
        }

        return id is null ? null : new AdoptedCredential(id, account, null, null, null);
    }

    private static AdoptedCredential WithFingerprint(string? id, string? account, SecretValue value, SecretRef kept)
    {
        var salt = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        return new AdoptedCredential(id, account, Fingerprint.Of(value, salt), kept, salt);
    }

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
