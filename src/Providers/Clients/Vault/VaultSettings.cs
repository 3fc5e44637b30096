using Rotunda.Providers.Contract;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Clients.Vault;

/// <summary>Where a Vault is and what is meant there, read from a binding's settings.</summary>
/// <param name="Root">The API's address, ".../v1/".</param>
/// <param name="Mount">Without slashes at its ends.</param>
internal sealed record VaultSettings(Uri Root, string? Namespace, string Mount, string? CaFile, string Auth, string AuthMount)
{
    /// <summary>Where a key-value engine is mounted by default.</summary>
    public const string KeyValueMount = "secret";

    /// <param name="mount">Where the engine is, if the setting is left out.</param>
    /// <exception cref="WebFailureException">A setting cannot be used.</exception>
    /// <exception cref="SettingMissingException">One is missing.</exception>
    public static VaultSettings Of(ProviderSettings settings, string mount = KeyValueMount)
    {
        var auth = settings.Text(VaultAccess.Auth) ?? "token";
        var root = WebAddress.Base(settings.RequiredText(VaultAccess.Address), VaultAccess.Address);
        return new VaultSettings(
            // Some write the API's own address.
            root.AbsolutePath.EndsWith("/v1/", StringComparison.Ordinal) ? root : new Uri(root, "v1/"),
            settings.Text(VaultAccess.Namespace)?.Trim('/') is { Length: > 0 } space ? space : null,
            PathOf(settings.Text(VaultAccess.Mount) ?? mount, VaultAccess.Mount),
            settings.Text(VaultAccess.CaFile),
            auth,
            PathOf(settings.Text(VaultAccess.AuthMount) ?? auth, VaultAccess.AuthMount));
    }

    /// <summary>A path without slashes at its ends, empty parts or parts that lead elsewhere.</summary>
    public static string PathOf(string text, string setting)
    {
        var path = text.Trim('/');
        var bad = path.Length == 0
            || path.Any(char.IsControl)
            || path.Split('/').Any(part => part is "" or "." or ".." || part.Trim().Length != part.Length);
        return bad ? throw new WebFailureException(StepOutcome.Rejected(
            $"The setting '{setting}' is no path. Write one such as apps/orders.")) : path;
    }

    /// <summary>A path of the API; each part is escaped.</summary>
    public Uri At(string path) => WebAddress.At(Root, path.Split('/'));

    public Uri Data(string path) => At($"{Mount}/data/{path}");
}
