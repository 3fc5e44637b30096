using Rotunda.Rotation.Credentials;
using Rotunda.Rotation.Planning;

namespace Rotunda.Activities.Providers.Generated;

internal static class GeneratedDescriptor
{
    public static ProviderDescriptor Instance { get; } = new(
        "generated",
        "Generated values",
        "Values that are made here by the policy's value rule and checked by your own services: keys that sign tokens or webhooks, shared secrets between services. No outside system issues them.",
        Abilities.GenerateValues,
        [
            new("purpose", SettingType.Choice, "What the value is for. Shown to people in plans and approvals; changes nothing.", Default: "other", Choices: ["jwt", "webhook", "other"]),
        ],
        [
            "https://www.rfc-editor.org/rfc/rfc7515#section-10.7",
        ],
        [Strategy.DualKey, Strategy.Overlap, Strategy.InPlace],
        Limits:
        [
            "With dual-key, consumers must accept two keys at once: they sign with the primary and check with both.",
            "With overlap or in-place, old values stop working only where consumers drop them: there is no system that could be told to revoke.",
        ]);
}
