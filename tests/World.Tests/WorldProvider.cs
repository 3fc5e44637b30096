using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.World.Tests;

/// <summary>What all vendors of the world have in common.</summary>
internal abstract class WorldProvider(WorldRun world, ProviderDescriptor descriptor) : IProvider
{
    protected WorldRun World { get; } = world;

    public ProviderDescriptor Descriptor { get; } = descriptor;

    protected string Id => Descriptor.Id;

    protected static ProviderDescriptor Describe(string id, Abilities abilities, params Strategy[] strategies) => new(
        id, id, id, abilities,
        [
            new SettingDescriptor("unit", SettingType.Integer, ""), new SettingDescriptor("accounts", SettingType.TextList, ""),
            new SettingDescriptor("account", SettingType.Text, ""), new SettingDescriptor("place", SettingType.Text, ""),
        ],
        [], strategies);

    protected static StepOutcome Throw(StepOutcome refusal) => throw new OutcomeException(refusal);

    public Task<Verification> VerifyAsync(
        ProviderCall call, CredentialHandle credential, SecretValue value, CancellationToken cancellationToken)
    {
        var text = value.RevealText();
        return World.Vendors.CallAsync(
            Id, "verify", call, acts: false,
            unit => new Verification(unit.Authenticates(text, World.True) ? Validity.Valid : Validity.Invalid, "asked"),
            refusal => new Verification(Validity.CannotTell, refusal.Reason, refusal.RetryAfter), cancellationToken);
    }

    public Task<UseReport> ReportUseAsync(ProviderCall call, CredentialHandle credential, CancellationToken cancellationToken) =>
        World.Vendors.CallAsync(
            Id, "report use", call, acts: false,
            unit =>
            {
                unit.Hold(World.True);
                var found = unit.Credentials.FindLast(one =>
                    one.Id == credential.Id || (one.Account is not null && one.Account == credential.Account));
                return found is null || !found.Published ? new UseReport(Use.NotUsed, "never used")
                    : new UseReport(
                        found.LastHeld == World.True ? Use.InUse : Use.NotUsed, "as seen", found.LastHeld + World.ClockOffset);
            },
            refusal => new UseReport(Use.CannotTell, refusal.Reason ?? "", RetryAfter: refusal.RetryAfter), cancellationToken);
}
