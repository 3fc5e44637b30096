using Rotunda.Providers.Contract;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Stores.HashiCorpVault;

/// <summary>Where a Vault is and what is meant there, read from a binding's settings.</summary>
/// <param name="Root">The API's address, ".../v1/".</param>
/// <param name="Mount">Without slashes at its ends.</param>
internal sealed record VaultSettings(Uri Root, string? Namespace, string Mount, string? CaFile, string Auth, string AuthMount)
{
    /// <exception cref="WebFailureException">A setting cannot be used.</exception>
    /// <exception cref="SettingMissingException">One is missing.</exception>
    public static VaultSettings Of(ProviderSettings settings)
    {
        var auth = settings.Text(VaultDescriptor.Auth) ?? "token";
        return new VaultSettings(
            new Uri(WebAddress.Base(settings.RequiredText(VaultDescriptor.Address), VaultDescriptor.Address), "v1/"),
            settings.Text(VaultDescriptor.Namespace)?.Trim('/') is { Length: > 0 } space ? space : null,
            PathOf(settings.Text(VaultDescriptor.Mount) ?? VaultDescriptor.DefaultMount, VaultDescriptor.Mount),
            settings.Text(VaultDescriptor.CaFile),
            auth,
            PathOf(settings.Text(VaultDescriptor.AuthMount) ?? auth, VaultDescriptor.AuthMount));
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
