using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Testing.ProviderConformance;

/// <summary>
/// What the conformance kit needs of one provider: the provider, something to talk to, and how that looks from outside.
/// One environment is used for one run.
/// </summary>
public abstract class ProviderEnvironment : IAsyncDisposable
{
    public abstract IProvider Provider { get; }

    /// <summary>Settings that work.</summary>
    public abstract JsonObject Settings { get; }

    /// <summary>What the settings' references lead to; every value is a canary that must never come back.</summary>
    public virtual IReadOnlyDictionary<string, string> References => new Dictionary<string, string>();

    /// <summary>Settings that fail, each in its own way: nothing listens, the login is refused, a right or a folder is missing.</summary>
    public virtual IEnumerable<(string What, JsonObject Settings)> BrokenSettings => [];

    /// <summary>What may be wrong outside with settings that are right: an instance is down, a right was taken away, the place is of
    /// another kind.</summary>
    public virtual IEnumerable<BrokenWorld> BrokenWorlds => [];

    /// <summary>The credential that is applied, verified and revoked.</summary>
    public virtual CredentialHandle Credential => new(null, null, "rotunda-conformance-1");

    /// <summary>Issuers: the value in use, as the store has it; null if it is not there.</summary>
    public virtual string? InUse => null;

    /// <summary>As the step that issues makes it.</summary>
    public IssueRequest Request(string label, CredentialHandle? previous = null) => new(label, previous)
    {
        InUse = () => Task.FromResult(InUse is { } text ? SecretValue.FromText(text) : null),
    };

    /// <summary>Whether values are delivered in pairs, as with dual keys.</summary>
    public virtual bool TakesSecondary => true;

    /// <summary>Brings what was delivered to where consumers read it, for systems where that takes a while.</summary>
    public virtual void Arrive()
    {
    }

    /// <summary>As <see cref="ProviderCall.Strategy"/>.</summary>
    public virtual Strategy? Strategy => null;

    public virtual TimeProvider Time => TimeProvider.System;

    public virtual string NewValue(int number) => $"cAnary{number}-{Guid.NewGuid():N}-zZ";

    /// <summary>The outside's state as far as the provider may change it. Two equal states have equal texts.</summary>
    public virtual Task<string> StateAsync() => Task.FromResult("");

    /// <summary>Targets: what hangs on the place beside what is delivered (mode, owner, access lists, labels, notes of others) and has to
    /// be there after each delivery and each way back. Empty while the place is not there; null where the environment does not
    /// tell.</summary>
    public virtual Task<string?> KeptAsync() => Task.FromResult<string?>(null);

    /// <summary>Targets: the real programs that read what was delivered. All of them have to give back each value that was taken.</summary>
    public virtual IReadOnlyList<TargetReader> Readers => [];

    /// <summary>Takes away what <see cref="Credential"/> names, behind the provider's back.</summary>
    public virtual Task RemoveCredentialAsync() => Task.CompletedTask;

    /// <summary>Sets another value on the account of <see cref="Credential"/>, behind the provider's back, as somebody with a console
    /// does. Null where values are not set on accounts.</summary>
    public virtual Func<string, Task>? SetByHand => null;

    /// <summary>What a login may lack that works: each with the right value, and no use to a consumer.</summary>
    public virtual IEnumerable<BrokenWorld> LackingRights => [];

    /// <summary>Why a login that works can lack nothing; null if it can.</summary>
    public virtual string? NoRights => null;

    /// <summary>Why the system cannot be asked whether an account is open; null if it can.</summary>
    public virtual string? NotTold => null;

    /// <summary>Makes consumers answer as if they used these.</summary>
    public virtual ExpectedFingerprints Fingerprints => new("0123456789ab", null);

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    public ProviderCall Call(int attempt = 1, JsonObject? settings = null) =>
        new(new ProviderSettings(settings ?? Settings, new FixedReferences(References)), "conformance", "conformance-1", 1, attempt, Time)
        {
            Strategy = Strategy,
        };
}

public static class ProviderCalls
{
    /// <summary>As the step that waits for arrival makes it: with the facts of the delivery before it.</summary>
    public static ProviderCall After(this ProviderCall call, IReadOnlyDictionary<string, string>? facts) =>
        facts is null ? call : call with { Delivery = facts };
}

/// <summary>References that lead to values the test chose.</summary>
public sealed class FixedReferences(IReadOnlyDictionary<string, string> values) : IReferenceResolver
{
    public Task<SecretValue> ResolveAsync(string reference, CancellationToken cancellationToken) =>
        values.TryGetValue(reference, out var value)
            ? Task.FromResult(SecretValue.FromText(value))
            : throw new ReferenceUnresolvedException(reference, "the test has no such value.");
}
