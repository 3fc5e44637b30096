using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Sentry;

internal static class SentryDescriptor
{
    public const string Organization = "organization";
    public const string Project = "project";
    public const string Token = "token";
    public const string Address = "https://sentry.io";

    public static ProviderDescriptor Instance { get; } = new(
        "sentry-client-key",
        "Sentry client key (DSN)",
        "Issues and revokes client keys of a project at Sentry; the value is the key's DSN. Several live at once.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.DisableCredentials | Abilities.ListCredentials,
        [
            new(Organization, SettingType.Text, "The organisation's slug.", Required: true),
            new(Project, SettingType.Text, "The project's slug.", Required: true),
            new(Token, SettingType.Text, "The token by which Rotunda issues client keys: of an internal integration, say.", Required: true, IsSecret: true),
            VendorApi.UrlSetting(Address),
        ],
        [
            "https://docs.sentry.io/api/projects/create-a-new-client-key/",
            "https://docs.sentry.io/api/projects/list-a-projects-client-keys/",
            "https://docs.sentry.io/api/projects/delete-a-client-key/",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "A DSN in a browser is no secret: a rotation ends the use of one that is abused, and keeps nothing hidden.",
            "Sentry does not tell when a key was last used: there is no evidence to wait for. Programs of users send by the old DSN until they are updated, so give a long grace period.",
            "That a key is read under the public part of its DSN is seen in Sentry's examples; its documents do not say it.",
        ],
        Permissions: ["`project:read`, `project:write` and `project:admin` for the project."],
        RollBack: "The new key is deleted. What a deleted key was, nobody can bring back: after the old one is revoked, the only way is a new rotation.",
        Example: """
            version: 1
            secrets:
              web-dsn:
                provider: { type: sentry-client-key, organization: acme, project: web, token: env:SENTRY_ADMIN_TOKEN }
                interval: 365d
                grace: 30d
                revoke: { disableFor: 24h }
                current: { id: 60120449b6b1d5e45f75561e6dabd80b }
                targets:
                  app: { type: dotenv, path: app.env, keys: { SENTRY_DSN: "{value}" } }
            """)
    {
        Costs =
        [
            SettingCost.Always("A DSN is tried by looking whether Sentry has it and takes events by it. No event is sent, which would stand among the real ones."),
        ],
        Labels = new LabelRule(64),
        Carries = ["the rate limit"],
    };
}
