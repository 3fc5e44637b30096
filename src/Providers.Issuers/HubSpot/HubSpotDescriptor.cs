using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.HubSpot;

internal static class HubSpotDescriptor
{
    public const string Address = "https://api.hubapi.com";

    public static ProviderDescriptor Instance { get; } = new(
        "hubspot-token",
        "HubSpot private app token",
        "Takes the access token of a private app, or a service key, that a person makes at HubSpot, and tries it.",
        Abilities.TakeSupplied | Abilities.VerifyCredentials,
        [VendorApi.UrlSetting(Address)],
        [
            "https://developers.hubspot.com/docs/apps/legacy-apps/private-apps/overview",
            "https://developers.hubspot.com/docs/api-reference/account-account-info-v3/guide",
        ],
        [Strategy.Supplied],
        Limits:
        [
            "No API makes or ends tokens: a super admin does both in HubSpot.",
            "A private app has one token. *Rotate and expire later* makes a second one beside it for some time (HubSpot's documents do not say how long: a week, by users' reports), so the grace period must end before that. *Rotate and expire now* locks consumers out at once.",
            "An old token that was rotated with *expire later* ends by itself: Rotunda tries it now and then, and goes on when it is refused.",
            "The token is bound to the super admin who made the app: calls begin to fail when that user is removed.",
            "New private apps of the old kind can be made no more since autumn 2026; those that there are work on. A service key is their successor.",
        ],
        Permissions: ["Nothing: the new value tries itself."],
        RollBack: "The new token is listed as to be revoked by hand. If the old one has expired meanwhile, there is no way back to it.",
        Example: """
            version: 1
            secrets:
              hubspot-sync:
                provider: { type: hubspot-token }
                interval: 180d
                grace: 2d
                ask: { scopes: [crm.objects.contacts.read, crm.objects.deals.read], name: acme-sync }
                targets:
                  app: { type: dotenv, path: app.env, keys: { HUBSPOT_TOKEN: "{value}" } }
            """)
    {
        Supplied = new SuppliedCredential("the token of the private app by \"Rotate and expire this token later\"", "https://app.hubspot.com/private-apps")
        {
            Shape = new ValueShape("pat-", MinLength: 20),
        },
    };
}
