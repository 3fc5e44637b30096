using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Asana;

internal static class AsanaDescriptor
{
    public const string Address = "https://app.asana.com/api/1.0";

    public static ProviderDescriptor Instance { get; } = new(
        "asana-token",
        "Asana personal access token",
        "Takes personal access tokens, or a service account's, that a person makes at Asana, and tries them. Several live at once.",
        Abilities.TakeSupplied | Abilities.VerifyCredentials,
        [VendorApi.UrlSetting(Address)],
        [
            "https://developers.asana.com/docs/personal-access-token",
            "https://developers.asana.com/reference/getuser",
        ],
        [Strategy.Supplied],
        Limits:
        [
            "No API makes or ends tokens: a person does both, in the developer console (a service account's in the admin console).",
            "A token has all the rights of its user. Give it to a user of its own (a service account), not to a person's.",
            "A person who leaves the organisation takes his tokens with him.",
        ],
        Permissions: ["Nothing: the new value tries itself."],
        RollBack: "The new one is listed as to be revoked by hand: Asana has no API for it. The old one was not touched until a person ended it.",
        Example: """
            version: 1
            secrets:
              asana-sync:
                provider: { type: asana-token }
                interval: 180d
                grace: 2d
                ask: { create: a personal access token of the user sync@acme.example, name: asana-sync }
                targets:
                  app: { type: dotenv, path: app.env, keys: { ASANA_TOKEN: "{value}" } }
            """)
    {
        Supplied = new SuppliedCredential("a personal access token in the developer console", "https://app.asana.com/0/my-apps")
        {
            Shape = new ValueShape(MinLength: 20),
        },
    };
}
