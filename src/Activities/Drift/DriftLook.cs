using Rotunda.Activities.Steps;
using Rotunda.Ledger;
using Rotunda.Providers.Contract;
using Rotunda.Providers.References;
using Rotunda.Providers.Registry;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Drift;

/// <summary>
/// Looks at everything that should hold a secret's value in use: at its targets, and with the value itself at its provider. Changes
/// nothing, and keeps what it found in the ledger.
/// </summary>
public sealed class DriftLook(
    ILedger ledger,
    StoreRegistry stores,
    ProviderRegistry providers,
    IReferenceResolver references,
    TimeProvider time)
{
    private const int Longest = 500;

    /// <summary>For one place: a target that hangs must not keep the others from being looked at.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <returns>Null where there is nothing to compare with: no value in use is stored, or a rotation is changing it.</returns>
    public async Task<DriftReport?> LookAsync(RotationCatalog catalog, Policy policy, CancellationToken cancellationToken)
    {
        if (await ledger.GetSecretAsync(policy.Name, cancellationToken) is not { } secret
            || await InUseAsync(secret, cancellationToken) is not { } inUse)
        {
            return null;
        }

        using var scope = new SecretScope().Enter();
        var scoped = new ScopedReferences(references, scope);
        var (values, problem) = await ReadAsync(catalog, policy, secret, inUse, scope, scoped, cancellationToken);
        if (values is null)
        {
            return await RecordAsync(
                secret,
                [.. policy.Targets.Select(target => Finding(secret, target.Name, Standing.CannotTell, scope.Redact(problem!)))],
                cancellationToken);
        }

        try
        {
            var findings = new List<DriftFinding>();
            foreach (var target in policy.Targets)
            {
                var call = await CallAsync(target.Provider, secret, target.Name, scoped, cancellationToken);
                var seen = inUse.SecondaryOf(target.Name) ? values : values with { Secondary = null };
                findings.Add(await LookAsync(
                    secret, target.Name, scope,
                    stop => TargetLook.LookAsync(
                        providers,
                        target.Provider,
                        call,
                        inUse.OldFirst(target.Name) ? Swapped(values) : seen,
                        stop),
                    cancellationToken));
            }

            if (await AtProviderAsync(policy, secret, inUse, values, scope, scoped, cancellationToken) is { } finding)
            {
                findings.Add(finding);
            }

            return await RecordAsync(secret, findings, cancellationToken);
        }
        finally
        {
            DeliveryValues.Clear(values);
        }
    }

    private static DeliveredValues Swapped(DeliveredValues values) =>
        values.Secondary is { } other ? values with { Primary = other, Secondary = values.Primary } : values;

    /// <summary>The credentials that targets should hold now; null while that changes, or if none is stored.</summary>
    private async Task<InUse?> InUseAsync(SecretRecord secret, CancellationToken cancellationToken)
    {
        var all = await ledger.ListCredentialsAsync(secret.Name, cancellationToken);
        if (all.LastOrDefault(c => c.State == CredentialState.Active) is not { Value: not null } active)
        {
            return null;
        }

        if (secret.ActiveRotationId is null)
        {
            return new InUse(active, null, null);
        }

        // In its grace period, which may be long, the targets hold what its last deliveries before it brought there.
        if (await ledger.GetRotationAsync(secret.ActiveRotationId, cancellationToken) is not { State: RotationState.Grace } open)
        {
            return null;
        }

        // To a deliver run the value in use is the old one, and beside it stands the one before.
        return open.Plan.Strategy == Strategy.Deliver
            ? new InUse(active, all.LastOrDefault(c => c.State == CredentialState.Previous), open.Plan)
            : new InUse(active, await ledger.GetOldCredentialAsync(open.Id, cancellationToken), open.Plan);
    }

    private async Task<(DeliveredValues? Values, string? Problem)> ReadAsync(
        RotationCatalog catalog,
        Policy policy,
        SecretRecord secret,
        InUse inUse,
        SecretScope scope,
        ScopedReferences scoped,
        CancellationToken cancellationToken)
    {
        try
        {
            var primary = await OneAsync(catalog, policy, secret, inUse.Active, scope, scoped, cancellationToken);
            var secondary = inUse.Old is { Value: not null } old && inUse.HasSecondary
                ? await OneAsync(catalog, policy, secret, old, scope, scoped, cancellationToken)
                : null;
            return (new DeliveredValues(primary, secondary, secret.Salt), null);
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            return (null, $"The value in use cannot be read from the store: {problem.Message}");
        }
    }

    private async Task<DeliveredCredential> OneAsync(
        RotationCatalog catalog,
        Policy policy,
        SecretRecord secret,
        CredentialRecord credential,
        SecretScope scope,
        ScopedReferences scoped,
        CancellationToken cancellationToken)
    {
        var store = stores.Open(credential.Value!.Store, catalog.Stores, scoped);
        var value = scope.Register(await store.GetAsync(credential.Value, cancellationToken));
        return DeliveryValues.Credential(policy.Strategy, credential, value, secret.Salt);
    }

    /// <summary>Null where the provider cannot be asked.</summary>
    private async Task<DriftFinding?> AtProviderAsync(
        Policy policy,
        SecretRecord secret,
        InUse inUse,
        DeliveredValues values,
        SecretScope scope,
        ScopedReferences scoped,
        CancellationToken cancellationToken)
    {
        if (providers.Ability<IVerifyCredentials>(policy.Provider) is not { } verifier)
        {
            return null;
        }

        var call = await CallAsync(policy.Provider, secret, null, scoped, cancellationToken);
        var handle = StepServices.Handle(inUse.Active);
        return await LookAsync(
            secret, DriftFinding.AtProvider, scope,
            async stop =>
            {
                var tried = await verifier.VerifyAsync(call, handle, values.Primary.Value, stop);
                return tried.Validity switch
                {
                    Validity.Valid => StepOutcome.Done(),
                    Validity.Invalid => StepOutcome.Differs(tried.Detail ?? "The system refused it."),
                    _ => StepOutcome.RetryLater(tried.Detail ?? "The system could not be asked."),
                };
            },
            cancellationToken);
    }

    private async Task<DriftFinding> LookAsync(
        SecretRecord secret,
        string place,
        SecretScope scope,
        Func<CancellationToken, Task<StepOutcome>> look,
        CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            // Whatever its code does, it is waited for no longer: what it does is a look.
            var outcome = await Task.Run(() => look(linked.Token), linked.Token).WaitAsync(linked.Token);
            return Finding(secret, place, outcome.Standing, outcome.Succeeded ? null : scope.Redact(outcome.Reason ?? ""));
        }
        catch (Exception problem) when (!cancellationToken.IsCancellationRequested)
        {
            var why = limit.IsCancellationRequested ? $"No answer within {DurationText.Format(Limit)}." : problem.Message;
            return Finding(secret, place, Standing.CannotTell, scope.Redact(why));
        }
    }

    /// <summary>Since when, tells the last report, if it found the same.</summary>
    private DriftFinding Finding(SecretRecord secret, string place, Standing standing, string? detail)
    {
        var before = secret.Drift?.Findings.FirstOrDefault(finding => finding.Place == place && finding.Standing == standing);
        return new DriftFinding(place, standing, Short(detail), before?.Since ?? time.GetUtcNow());
    }

    private static string? Short(string? detail) => detail is { Length: > Longest } ? $"{detail[..(Longest - 1)]}…" : detail;

    private async Task<ProviderCall> CallAsync(
        ProviderBinding binding,
        SecretRecord secret,
        string? target,
        ScopedReferences scoped,
        CancellationToken cancellationToken) =>
        new(new ProviderSettings(binding.Settings, scoped), secret.Name, $"{secret.Name}-{secret.LastNumber}", secret.LastNumber, 1, time)
        {
            Step = "look",
            SecretSalt = secret.Salt,
            Target = target,
            Delivery = target is null
                ? new Dictionary<string, string>()
                : (await StepTrail.LastDeliveryAsync(ledger, secret.Name, target, cancellationToken)).Facts,
        };

    private async Task<DriftReport?> RecordAsync(
        SecretRecord secret,
        IReadOnlyList<DriftFinding> findings,
        CancellationToken cancellationToken)
    {
        // A rotation that began or ended meanwhile knows better.
        if (await ledger.GetSecretAsync(secret.Name, cancellationToken) is not { } now
            || (now.ActiveRotationId, now.LastNumber) != (secret.ActiveRotationId, secret.LastNumber))
        {
            return null;
        }

        var report = new DriftReport(time.GetUtcNow(), findings);
        await ledger.RecordDriftAsync(secret.Name, report, cancellationToken);
        return report;
    }

    /// <param name="Old">In a grace period: the one before.</param>
    /// <param name="Plan">Of the rotation in its grace period; null if none is open.</param>
    private sealed record InUse(CredentialRecord Active, CredentialRecord? Old, RotationPlan? Plan)
    {
        public bool HasSecondary => Plan?.Steps.Any(step => step.Settings.ContainsKey(StepSettings.Secondary)) == true;

        public bool SecondaryOf(string target) => Last(target)?.ContainsKey(StepSettings.Secondary) == true;

        public bool OldFirst(string target) => Plan?.Strategy != Strategy.Deliver && Last(target)?.GetValueOrDefault(StepSettings.Primary) == StepSettings.Old;

        private IReadOnlyDictionary<string, string>? Last(string target) => Plan?.Steps
            .TakeWhile(step => step.Kind is not (StepKinds.Grace or StepKinds.Hold))
            .LastOrDefault(step => step.Kind == StepKinds.Deliver && step.Target == target)?.Settings;
    }
}
