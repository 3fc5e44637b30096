using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Channels.Opsgenie;

internal static class OpsgenieDescriptor
{
    public const string Key = "key";
    public const string Address = "address";

    public static ProviderDescriptor Instance { get; } = new(
        "opsgenie",
        "Opsgenie",
        "An alert in Opsgenie.",
        Abilities.SendNotices,
        [
            new(Key, SettingType.Text, "The key of an API integration.", Required: true, IsSecret: true),
            new(Address, SettingType.Url, "Where the API is. In the EU: `https://api.eu.opsgenie.com`.", Default: "https://api.opsgenie.com"),
        ],
        [
            "https://docs.opsgenie.com/docs/alert-api",
            "https://docs.opsgenie.com/docs/authentication",
        ],
        [],
        Limits:
        [
            "Atlassian ends Opsgenie on 5 April 2027.",
            "Urgent notices have priority P1, warnings P3, calm ones P5.",
            "The same condition has one open alert (`alias`); the end of an emergency closes it.",
            "Opsgenie answers that it took the request, and makes the alert later.",
        ],
        Permissions: ["An API integration with the right to create and update alerts."],
        Example: """
            version: 1
            notices:
              channels:
                on-call: { type: opsgenie, key: "env:OPSGENIE_KEY" }
              routes:
                urgent: { to: [on-call], severity: urgent }
            secrets:
              session-secret: { provider: { type: generated } }
            """);
}
