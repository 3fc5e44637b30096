using Rotunda.Activities.Checks;
using Rotunda.Api.Views;
using Rotunda.Providers.Contract;
using Rotunda.Providers.References;
using Rotunda.Providers.Registry;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>Looks at all that a rotation of one secret would touch, as its first step does, and changes nothing. Each part has a time
/// limit that holds whatever its code does.</summary>
public sealed class SecretExamination(StoreRegistry stores, IReferenceResolver references, ProviderRegistry providers, TimeProvider time)
{
    /// <summary>For one part: a store, a target, a consumer.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>No rotation has this id: providers that write it somewhere are not asked to write.</summary>
    private const string RotationId = "doctor";

    private readonly AttemptLimit _limit = new(time);

    /// <param name="live">What the ledger knows of the secret's credentials; null where there is no ledger.</param>
    public async Task<IReadOnlyList<DoctorFinding>> LookAsync(
        RotationCatalog catalog,
        Policy policy,
        IReadOnlyList<CredentialRecord>? live,
        CancellationToken cancellationToken)
    {
        using var look = new Look(policy.Name, policy.Strategy);
        look.Scope.Enter();
        if (!IsElsewhere(policy.Store, catalog))
        {
            await TryAsync(look, "store", policy.Store, stop =>
                StoreAsync(look, policy, catalog, stop), cancellationToken);
        }

        foreach (var credential in (live ?? []).Where(one => one.Value is not null && one.State is CredentialState.Active
            or CredentialState.Previous or CredentialState.Pending))
        {
            await TryAsync(
                look,
                "values",
                $"#{credential.Id}",
                stop => StoredValueCheck.RunAsync(stores, catalog, credential, look.Scoped(references), look.Scope, stop),
                cancellationToken);
        }

        await TryAsync(look, "provider", null, stop => PartAsync(look, "provider", null, policy.Provider, stop), cancellationToken);
        if (live is null && policy.Current?.ValueReference is not null)
        {
            // Nothing is told twice: where the provider cannot be asked, it is not asked once more.
            var tries = look.Findings.All(found => found is not { Area: "provider", Level: FindingLevel.Problem });
            await TryAsync(look, "values", "current", stop => CurrentValueCheck.RunAsync(
                providers, policy, look.Scoped(references), CallOf(look, policy.Provider, "values", null), tries, stop), cancellationToken);
        }

        foreach (var target in policy.Targets)
        {
            await TryAsync(
                look,
                "target",
                target.Name,
                stop => PartAsync(look, "target", target.Name, target.Provider, stop),
                cancellationToken);
        }

        foreach (var consumer in policy.Consumers)
        {
            var goesOn = (consumer.WhenDown ?? policy.WhenDown) == WhenDown.Proceed;
            await TryAsync(
                look,
                "consumer",
                consumer.Name,
                stop => PartAsync(look, "consumer", consumer.Name, consumer.Provider, stop, goesOn),
                cancellationToken);
        }

        return look.Findings;
    }

    /// <summary>True for a store that comes with a head, where there is no head.</summary>
    private bool IsElsewhere(string store, RotationCatalog catalog) =>
        !stores.Knows(store, catalog.Stores) && catalog.Head.Names.Contains(store, StringComparer.Ordinal);

    private async Task<StepOutcome> StoreAsync(Look look, Policy policy, RotationCatalog catalog, CancellationToken cancellationToken)
    {
        await stores.Open(policy.Store, catalog.Stores, look.Scoped(references)).CheckAsync(policy.Name, cancellationToken);
        return StepOutcome.Done();
    }

    private async Task<StepOutcome> PartAsync(
        Look look,
        string area,
        string? name,
        ProviderBinding binding,
        CancellationToken cancellationToken,
        bool mayBeDown = false)
    {
        if (!providers.TryGet(binding.Type, out var provider))
        {
            return StepOutcome.Rejected($"There is no provider '{binding.Type}' here. Correct its type in the catalog.");
        }

        var call = CallOf(look, binding, area, name);
        var outcome = await SetupCheck.RunAsync(provider, binding, look.Scoped(references), work => work(), call, cancellationToken);
        if (!ConsumerDown.Is(outcome))
        {
            return outcome;
        }

        look.Add(
            mayBeDown ? FindingLevel.Warning : FindingLevel.Problem,
            area,
            name,
            $"It is down: {outcome.Reason} Start it again{(mayBeDown ? "" : ", or say \"whenDown: proceed\" to rotate without it")}.");
        return StepOutcome.Done();
    }

    private ProviderCall CallOf(Look look, ProviderBinding binding, string area, string? name) =>
        new(new ProviderSettings(binding.Settings, look.Scoped(references)), look.Secret, RotationId, 0, 1, time)
        {
            Step = area, Target = name, Strategy = look.Strategy,
        };

    /// <summary>One part; whatever goes wrong becomes a finding.</summary>
    private async Task TryAsync(
        Look look,
        string area,
        string? name,
        Func<CancellationToken, Task<StepOutcome>> part,
        CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(Limit, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        try
        {
            var outcome = await _limit.RunAsync($"{look.Secret}/{area}/{name}", part, stop.Token);
            if (!outcome.Succeeded)
            {
                look.Add(FindingLevel.Problem, area, name, outcome.Reason!);
            }
            else if (outcome.Facts?.GetValueOrDefault("warning") is { } warning)
            {
                look.Add(FindingLevel.Warning, area, name, warning);
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
        catch (Exception problem) when (problem is OperationCanceledException or GivenUpException)
        {
            look.Add(
                FindingLevel.Problem,
                area,
                name,
                $"It did not answer within {DurationText.Format(Limit)}. Look at what it waits for: a network, a mount, a disk.");
        }
        catch (Exception problem)
        {
            look.Add(
                FindingLevel.Problem,
                area,
                name,
                problem is ReferenceUnresolvedException or StoreUnavailableException or SettingMissingException or OutcomeException
                    ? problem.Message
                    : $"{problem.GetType().Name}: {problem.Message}");
        }
    }

    /// <summary>One look at one secret: what was found, and the values that were touched.</summary>
    private sealed class Look(string secret, Strategy strategy) : IDisposable
    {
        private readonly List<DoctorFinding> _findings = [];

        public string Secret => secret;

        public Strategy Strategy => strategy;

        public SecretScope Scope { get; } = new();

        public IReadOnlyList<DoctorFinding> Findings
        {
            get
            {
                lock (_findings)
                {
                    return [.. _findings];
                }
            }
        }

        public void Dispose() => Scope.Dispose();

        public ScopedReferences Scoped(IReferenceResolver inner) => new(inner, Scope);

        public void Add(FindingLevel level, string area, string? part, string message)
        {
            lock (_findings)
            {
                _findings.Add(new DoctorFinding(level, area, secret, part, Scope.Redact(message)));
            }
        }
    }
}
