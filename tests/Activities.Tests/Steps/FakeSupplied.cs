using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Steps;

/// <summary>Takes keys that people make.</summary>
internal class FakeSupplied : Fake, IVerifyCredentials
{
    public FakeSupplied(FakeWorld world, string id = "supplied", Abilities more = Abilities.VerifyCredentials)
        : base(world, id, Abilities.TakeSupplied | more) => Descriptor = Descriptor with { Strategies = [Strategy.Supplied] };

    public Task<Verification> VerifyAsync(
        ProviderCall call,
        CredentialHandle credential,
        SecretValue value,
        CancellationToken cancellationToken)
    {
        var valid = World.Keys.Exists(key => key.Works && key.Value == value.RevealText());
        return Task.FromResult(World.Answer(valid && World.Lacks is { } lacks
            ? new Verification(Validity.Invalid, lacks) { Authenticates = true }
            : new Verification(World.Verdict ?? (valid ? Validity.Valid : Validity.Invalid), $"asked with {value.RevealText()}")));
    }
}

/// <summary>The same, of a system that ends what it is shown.</summary>
internal sealed class FakeShown(FakeWorld world)
    : FakeSupplied(world, "shown", Abilities.VerifyCredentials | Abilities.RevokeByValue), IRevokeByValue
{
    public Task<StepOutcome> RevokeAsync(
        ProviderCall call, CredentialHandle credential, SecretValue value, CancellationToken cancellationToken)
    {
        foreach (var key in World.Keys.Where(key => key.Value == value.RevealText()))
        {
            key.Live = false;
        }

        return Task.FromResult(World.Answer(StepOutcome.Done()));
    }
}
