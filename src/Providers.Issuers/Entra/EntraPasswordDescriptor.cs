using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Entra;

internal static class EntraPasswordDescriptor
{
    public const string Application = "application";
    public const string ApplicationClient = "applicationClient";
    public const string Lifetime = "lifetime";
    public const string Address = "https://graph.microsoft.com";

    public static ProviderDescriptor Instance { get; } = new(
        "entra-password",
        "Entra application password",
        "Adds and removes client secrets of an application in Microsoft Entra. Several live at once.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.ListCredentials,
        [
            MicrosoftLogin.TenantSetting,
            new(Application, SettingType.Text, "The application's object id (not its client id).", Required: true),
            new(ApplicationClient, SettingType.Text, "The application's client id, with which a new secret is tried.", Required: true),
            new(Lifetime, SettingType.Duration, "When a secret ends by itself. Left out: after two years, as Entra has it. Give it more than the interval and the grace period together."),
            new(VendorApi.Url, SettingType.Url, "Of Microsoft Graph, where it is a national cloud's or a proxy's.", Default: Address),
            .. MicrosoftLogin.Settings,
        ],
        [
            "https://learn.microsoft.com/en-us/graph/api/application-addpassword",
            "https://learn.microsoft.com/en-us/graph/api/application-removepassword",
            "https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-client-creds-grant-flow",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "A new secret may be refused for some time, on and off. Rotunda tries it for five minutes, and takes it as working after three times in a row. How long it takes is known from users' reports only.",
            "The tenant's policies may forbid secrets, or shorten their lives.",
            "Entra does not tell when a secret was last used: there is no evidence to wait for, so give a grace period.",
        ],
        Permissions: ["`Application.ReadWrite.OwnedBy`, with Rotunda's application as an owner of this one; or `Application.ReadWrite.All`."],
        RollBack: "The new secret is removed. What a removed secret was, nobody can bring back: after the old one is revoked, the only way is a new rotation.",
        Example: """
            version: 1
            secrets:
              orders-client-secret:
                provider: { type: entra-password, tenant: acme.onmicrosoft.com, application: 2d1c6f6e-0b3e-4f0e-9a4d-1d5c6b0f5a11, applicationClient: 6f1c2b3a-4d5e-4f60-8a7b-9c0d1e2f3a4b, lifetime: 180d, clientId: 0a1b2c3d-4e5f-4061-8273-94a5b6c7d8e9, clientSecret: env:ROTUNDA_CLIENT_SECRET }
                interval: 90d
                grace: 2d
                current: { id: f0b0b335-1d71-4883-8f98-567911bfdca6 }
                targets:
                  app: { type: dotenv, path: app.env, keys: { AZURE_CLIENT_SECRET: "{value}" } }
            """)
    {
        Costs =
        [
            SettingCost.Always("A token that was got with the old secret works to its end, for about an hour."),
        ],
        Labels = new LabelRule(120),
        ListsAfter = TimeSpan.FromMinutes(1),
        WorksAfter = TimeSpan.FromMinutes(5),
        Verifications = 3,
    };
}
