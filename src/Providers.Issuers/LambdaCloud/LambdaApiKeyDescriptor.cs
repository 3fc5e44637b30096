using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.LambdaCloud;

internal static class LambdaApiKeyDescriptor
{
    public const string Address = "https://cloud.lambda.ai/api/v1";

    public static ProviderDescriptor Instance { get; } = new(
        "lambda-api-key",
        "Lambda API key",
        "Takes API keys of Lambda (the GPU cloud) that a person makes in its dashboard, and tries them. Several live at once.",
        Abilities.TakeSupplied | Abilities.VerifyCredentials,
        [VendorApi.UrlSetting(Address)],
        [
            "https://docs.lambda.ai/public-cloud/cloud-api/",
            "https://docs.lambda.ai/api/cloud",
        ],
        [Strategy.Supplied],
        Limits:
        [
            "No API makes or ends keys: a person does both, in the dashboard.",
            "A key has all the rights of its account; there are no scopes.",
            "The most that Lambda takes is about one call a second, for all uses of the account together.",
        ],
        Permissions: ["Nothing: the new value tries itself."],
        RollBack: "The new one is listed as to be revoked by hand: Lambda has no API for it. The old one was not touched until a person ended it.",
        Example: """
            version: 1
            secrets:
              lambda-key:
                provider: { type: lambda-api-key }
                interval: 180d
                grace: 2d
                ask: { name: acme-training }
                targets:
                  app: { type: dotenv, path: app.env, keys: { LAMBDA_API_KEY: "{value}" } }
            """)
    {
        Supplied = new SuppliedCredential("an API key in the dashboard", "https://cloud.lambda.ai/api-keys/cloud-api")
        {
            Shape = new ValueShape(MinLength: 20),
        },
    };
}
