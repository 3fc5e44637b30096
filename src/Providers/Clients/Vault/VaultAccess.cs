using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Clients.Vault;

/// <summary>The settings by which every kind of provider gets to a Vault, by name.</summary>
internal static class VaultAccess
{
    public const string Address = "address";
    public const string Namespace = "namespace";
    public const string Mount = "mount";
    public const string Auth = "auth";
    public const string AuthMount = "authMount";
    public const string Token = "token";
    public const string RoleId = "roleId";
    public const string SecretId = "secretId";
    public const string Role = "role";
    public const string ServiceAccountToken = "serviceAccountToken";
    public const string CaFile = "caFile";

    public const string ServiceAccountFile = "/var/run/secrets/kubernetes.io/serviceaccount/token";

    public static IReadOnlyList<string> Docs { get; } =
    [
        "https://developer.hashicorp.com/vault/api-docs/auth/approle",
        "https://developer.hashicorp.com/vault/api-docs/auth/kubernetes",
        "https://developer.hashicorp.com/vault/api-docs/system/capabilities-self",
    ];

    /// <summary>Where it is.</summary>
    public static IReadOnlyList<SettingDescriptor> Place { get; } =
    [
        new(Address, SettingType.Url, "The server, such as https://vault.example.com:8200.", Required: true),
        new(Namespace, SettingType.Text, "The namespace (Vault Enterprise), such as team-a. Left out: the root namespace."),
    ];

    /// <summary>Who asks.</summary>
    public static IReadOnlyList<SettingDescriptor> Login { get; } =
    [
        new(Auth, SettingType.Choice, "How Rotunda logs in.", Default: "token", Choices: ["token", "approle", "kubernetes"]),
        new(AuthMount, SettingType.Text, "Where the auth method is mounted. Left out: approle or kubernetes."),
        new(Token, SettingType.Text, "With auth token: the token. Rotunda does not renew it: something else must.", IsSecret: true),
        new(RoleId, SettingType.Text, "With auth approle: the role id."),
        new(SecretId, SettingType.Text, "With auth approle: the secret id. Left out: the role is bound to something else.", IsSecret: true),
        new(Role, SettingType.Text, "With auth kubernetes: the role."),
        new(ServiceAccountToken, SettingType.Text,
            $"With auth kubernetes: the service account's token. Left out: the one that is mounted into the pod, {ServiceAccountFile}.",
            IsSecret: true),
        new(CaFile, SettingType.Path,
            "The PEM certificates of the authorities that may vouch for the server, and no others. Left out: those "
                + "that the system trusts."),
    ];
}
