using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Consumers.Http;

internal static class HttpDescriptor
{
    public const string Instances = "instances";
    public const string ReloadPath = "reloadPath";
    public const string HealthPath = "healthPath";
    public const string FingerprintPath = "fingerprintPath";
    public const string Token = "token";
    public const string Timeout = "timeout";

    public static ProviderDescriptor Instance { get; } = new(
        "http",
        "HTTP consumer",
        "A service that uses the secret and can be asked over HTTP: to read its credentials again, whether it is healthy, and which value it uses (by fingerprint).",
        Abilities.RestartConsumers | Abilities.CheckConsumers,
        [
            new(Instances, SettingType.TextList, "The base addresses of all instances, such as `http://app-1:8080`. Every one of them must agree.", Required: true),
            new(ReloadPath, SettingType.Text, "POST here makes an instance read its credentials again; any 2xx is fine. Left out: nothing is asked to reload."),
            new(HealthPath, SettingType.Text, "GET here answers 2xx while an instance is healthy, and 422 if it has the new value and cannot work with it (the rotation is rolled back then). Left out: not asked."),
            new(FingerprintPath, SettingType.Text, "GET here tells what an instance uses: JSON `{ \"primary\": \"…\", \"secondary\": \"…\" }` (secondary null or left out with one value) or the primary's fingerprint as plain text. A fingerprint is the first 12 hex digits of SHA-256 over salt and value, both UTF-8; the salt is delivered with `{salt}`. Left out: not asked."),
            new(Token, SettingType.Text, "Sent to the instances as `Authorization: Bearer …`.", IsSecret: true),
            new(Timeout, SettingType.Duration, "For one request.", Default: "10s"),
        ],
        [
            "https://www.rfc-editor.org/rfc/rfc9110",
        ],
        [],
        Limits:
        [
            "Redirects are not followed, and proxies of the environment are not used: give the instances' own addresses.",
            "An instance that tells its primary only (plain text) is not asked for the secondary.",
            "Use https wherever the network between Rotunda and the instances is not your own: the token travels in a header.",
        ],
        Permissions: ["A token that the instances accept for the paths that are set, if they ask for one."],
        Arrival: "Every instance answers `healthPath` with 2xx, and tells at `fingerprintPath` the fingerprints of what stands at the targets. What is not set is not asked: without both paths nothing is known of the consumers. An instance that cannot be reached, or still has another value, is asked again until `checkTimeout` is spent, or else the retries are; 422 from `healthPath` refuses the value at once.",
        RollBack: "When the targets have the old value again, the instances are asked to reload once more, and must be healthy and tell the old value's fingerprint, before the new credential is revoked. Without `reloadPath` they must notice by themselves.",
        Example: """
            version: 1
            secrets:
              session-secret:
                provider: { type: generated }
                strategy: overlap
                targets:
                  app-env: { type: dotenv, path: ./app.env, keys: { SESSION_SECRET: "{value}", SESSION_SALT: "{salt}" } }
                consumers:
                  app:
                    type: http
                    instances: ["http://app-1:8080", "http://app-2:8080"]
                    reloadPath: /internal/reload
                    healthPath: /healthz
                    fingerprintPath: /internal/fingerprint
                    token: env:APP_ADMIN_TOKEN
            """);
}
