using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Keycloak;

internal static class KeycloakRotatedDescriptor
{
    public static ProviderDescriptor Instance { get; } = new(
        "keycloak-rotated-secret",
        "Keycloak client secret under a rotation policy",
        "Has Keycloak make a client a new secret, where the realm has a policy that rotates client secrets: the old one lives on as the rotated secret until it is revoked, or until the policy's time is over. Two live at once.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeByValue,
        [
            .. KeycloakSecretDescriptor.Settings("client"),
            new(KeycloakApi.Client, SettingType.Text, "The client whose secret this is, by its client id (not the internal one).", Required: true),
        ],
        [
            "https://www.keycloak.org/docs/latest/server_admin/#_secret_rotation",
            "https://www.keycloak.org/docs-api/latest/rest-api/index.html#_clients",
            "https://www.rfc-editor.org/rfc/rfc7662",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "A client has two secrets at most, and making one more ends the older of the two. So nothing is made while a rotated secret lives that is not the value in use: delete it first, or wait for its end.",
            "An answer that was lost loses nothing: where the value in use has become the rotated secret, the new one is read from Keycloak and not made again. If somebody else made one at that moment, it is theirs that is read, and it works as well.",
            "Keep the policy's rotated expiration longer than the delivery, the grace period and the wait for evidence together: Keycloak ends the rotated secret by itself then, whatever Rotunda waits for. It tells nobody how long that is until a secret is made.",
            "The policy takes hold of a client when that is next saved, or logs in. Until then the check refuses it. If the policy is taken away without the client being saved since, the check cannot see that, and the old secret ends at once.",
            "Which of the two a secret is, is told by its value: one whose value is not in the store is to be revoked by hand.",
            "Keycloak tells nobody which of the two a client logged in with, so there is no evidence to wait for: give a grace period.",
            "Client policies with secret rotation are a preview feature (`client-secret-rotation`) of Keycloak.",
            "In the tests it speaks to a strict stand-in, and not to a Keycloak.",
        ],
        Permissions: ["A confidential client with a service account that has `manage-clients` of the realm (client role of `realm-management`; from the realm master: of `REALM-realm`)."],
        RollBack: "The rotated secret becomes the client's secret again, and the new one ends. If the rotated secret has ended by itself by then, a person is asked: taking the new one back would leave none.",
        Example: """
            version: 1
            secrets:
              portal-client-secret:
                provider: { type: keycloak-rotated-secret, url: https://id.example.com, realm: shop, client: portal, clientId: rotunda, clientSecret: env:KEYCLOAK_ROTUNDA_SECRET }
                interval: 60d
                grace: 1d
                current: { value: "file:app.env#OIDC_CLIENT_SECRET" }
                targets:
                  app: { type: dotenv, path: app.env, keys: { OIDC_CLIENT_SECRET: "{value}" } }
            """)
    {
        RepeatsIssue = true,
        Costs = [SettingCost.Always("Keycloak ends the old secret by itself when the policy's rotated expiration is over, also in the middle of a grace period.")],
    };
}
