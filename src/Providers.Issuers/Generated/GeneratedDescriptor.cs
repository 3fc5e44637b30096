using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Generated;

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
        ],
        Permissions: [],
        RollBack: "Before the promotion the value is discarded: nobody outside has been told of it but the targets, which get back what they had.",
        Example: """
            version: 1
            secrets:
              webhook-key:
                provider: { type: generated, purpose: webhook }
                value: { format: base64url, length: 32, prefix: whsec_ }
                interval: 90d
                grace: 2d
                targets:
                  sender: { type: dotenv, path: ./sender.env, keys: { WEBHOOK_KEYS: "{values:join:,}" } }
            """);
}
