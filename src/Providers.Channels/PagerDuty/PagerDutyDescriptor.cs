using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Channels.PagerDuty;

internal static class PagerDutyDescriptor
{
    public const string RoutingKey = "routingKey";
    public const string Address = "address";

    public static ProviderDescriptor Instance { get; } = new(
        "pagerduty",
        "PagerDuty",
        "An alert in a PagerDuty service, by the Events API v2.",
        Abilities.SendNotices,
        [
            new(RoutingKey, SettingType.Text, "The integration key of the service (Events API v2).", Required: true, IsSecret: true),
            new(Address, SettingType.Url, "Where the API is. In the EU: `https://events.eu.pagerduty.com`.", Default: "https://events.pagerduty.com"),
        ],
        [
            "https://developer.pagerduty.com/docs/events-api-v2-overview",
            "https://developer.pagerduty.com/docs/send-alert-event",
        ],
        [],
        Limits:
        [
            "Urgent notices are `critical`, warnings `warning`, calm ones `info`. What a service does with each is set there.",
            "The same condition has one alert (`dedup_key`); the end of an emergency resolves it.",
        ],
        Permissions: ["An integration \"Events API v2\" of one service."],
        Example: """
            version: 1
            notices:
              channels:
                on-call: { type: pagerduty, routingKey: "env:PAGERDUTY_KEY" }
              routes:
                urgent: { to: [on-call], severity: urgent }
            secrets:
              session-secret: { provider: { type: generated } }
            """);
}
