using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Gong;

internal static class GongDescriptor
{
    public const string Address = "https://api.gong.io";

    public static ProviderDescriptor Instance { get; } = new(
        "gong-access-key",
        "Gong access key",
        "Takes access keys with their secrets that a person makes at Gong, and tries them. Several live at once. The value is the pair, as JSON: `accessKey` and `accessKeySecret`; targets take `{value.accessKey}` and `{value.accessKeySecret}`.",
        Abilities.TakeSupplied | Abilities.VerifyCredentials,
        [new(VendorApi.Url, SettingType.Url, "Of the API, as the page with the keys shows it (`https://us-12345.api.gong.io`).", Default: Address)],
        [
            "https://help.gong.io/docs/receive-access-to-the-api",
            "https://help.gong.io/docs/what-the-gong-api-provides",
        ],
        [Strategy.Supplied],
        Limits:
        [
            "No API makes or ends keys: a technical administrator does both, in the Admin center.",
            "A person gives the pair on one line: `{\"accessKey\": \"…\", \"accessKeySecret\": \"…\"}`.",
            "A key may have an end date (*TTL*) and trusted addresses. Give it more days than the interval and the grace period together, and let in Rotunda's own address: else the key is refused, and asked for again.",
            "Gong takes 3 calls a second and 10 000 a day of a company, all its keys together.",
        ],
        Permissions: ["Nothing: the new value tries itself."],
        RollBack: "The new one is listed as to be revoked by hand: Gong has no API for it. The old one was not touched until a person ended it.",
        Example: """
            version: 1
            secrets:
              gong-key:
                provider: { type: gong-access-key, url: "https://us-12345.api.gong.io" }
                interval: 90d
                grace: 2d
                ask: { name: acme-analytics }
                targets:
                  app: { type: dotenv, path: app.env, keys: { GONG_ACCESS_KEY: "{value.accessKey}", GONG_ACCESS_KEY_SECRET: "{value.accessKeySecret}" } }
            """)
    {
        Supplied = new SuppliedCredential("an access key with its secret, given as {\"accessKey\": \"…\", \"accessKeySecret\": \"…\"}", "https://app.gong.io/company/api")
        {
            Shape = new ValueShape("{", """.*"accessKey".*""", MinLength: 40),
        },
    };
}
