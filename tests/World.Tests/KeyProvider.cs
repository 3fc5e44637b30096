using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.World.Tests;

/// <summary>Mints keys, at most <see cref="Quota"/> a secret.</summary>
internal class KeyProvider(WorldRun world, ProviderDescriptor descriptor)
    : WorldProvider(world, descriptor), IIssueCredentials, IVerifyCredentials, IRevokeCredentials, IReportUse
{
    public const string BlindId = "world-blind";

    private const int Quota = 4;

    /// <summary>A vendor that lists nothing.</summary>
    public static KeyProvider Blind(WorldRun world) => new(
        world,
        Describe(
            BlindId,
            Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.ReportUse,
            Strategy.Overlap));

    public virtual Task<IssueResult> IssueAsync(ProviderCall call, IssueRequest request, CancellationToken cancellationToken) =>
        World.Vendors.CallAsync(
            Id, "issue", call, acts: true,
            unit =>
            {
                if (unit.Credentials.Count(one => one.Works(World.True)) >= Quota)
                {
                    return new IssueResult(StepOutcome.Rejected("so many keys may be live, and no more"));
                }

                var key = World.Mint(unit, request.Label, call.Number);
                return new IssueResult(
                    StepOutcome.Done(), new CredentialHandle(key.Id, null, key.Label), SecretValue.FromText(key.Value));
            },
            refusal => new IssueResult(refusal), cancellationToken);

    public virtual Task<StepOutcome> RevokeAsync(ProviderCall call, CredentialHandle credential, CancellationToken cancellationToken) =>
        World.Vendors.AskAsync(
            Id, "revoke", call, acts: true,
            unit =>
            {
                if (unit.Credentials.Find(one => one.Id == credential.Id) is not { Ended: false } key)
                {
                    return StepOutcome.AlreadyDone();
                }

                World.Watch.Ends(unit, key, call, "revokes");
                key.Ended = true;
                return StepOutcome.Done();
            },
            cancellationToken);
}

/// <summary>The same, which also lists and disables.</summary>
internal sealed class ListedKeyProvider(WorldRun world)
    : KeyProvider(
        world,
        Describe(
            Type,
            Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.ReportUse
                | Abilities.ListCredentials | Abilities.DisableCredentials,
            Strategy.Overlap)), IListCredentials, IDisableCredentials
{
    public const string Type = "world-keys";

    public Task<IReadOnlyList<ListedCredential>> ListAsync(ProviderCall call, CancellationToken cancellationToken) =>
        World.Vendors.CallAsync<IReadOnlyList<ListedCredential>>(
            Id, "list", call, acts: false,
            unit =>
            [
                .. unit.Credentials.Where(one => !one.Ended).Select(one => new ListedCredential(
                    new CredentialHandle(one.Id, null, one.Label), one.MadeAt + World.ClockOffset, null)),
            ],
            refusal => throw new OutcomeException(refusal), cancellationToken);

    public Task<StepOutcome> DisableAsync(ProviderCall call, CredentialHandle credential, CancellationToken cancellationToken) =>
        Set(call, credential, "disable", disabled: true, cancellationToken);

    public Task<StepOutcome> EnableAsync(ProviderCall call, CredentialHandle credential, CancellationToken cancellationToken) =>
        Set(call, credential, "enable", disabled: false, cancellationToken);

    private Task<StepOutcome> Set(
        ProviderCall call, CredentialHandle credential, string what, bool disabled, CancellationToken cancellationToken) =>
        World.Vendors.AskAsync(
            Id, what, call, acts: true,
            unit =>
            {
                if (unit.Credentials.Find(one => one.Id == credential.Id) is not { Ended: false } key)
                {
                    return disabled ? StepOutcome.AlreadyDone() : StepOutcome.Rejected("it is gone");
                }

                if (disabled && !key.Disabled)
                {
                    World.Watch.Ends(unit, key, call, "disables");
                }

                key.Disabled = disabled;
                return StepOutcome.Done();
            },
            cancellationToken);
}
