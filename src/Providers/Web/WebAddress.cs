using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Web;

/// <summary>Where a vendor's API is: https, or http on this very machine.</summary>
internal static class WebAddress
{
    /// <summary>The base address with a slash at its end, so that paths can be put behind it.</summary>
    /// <exception cref="WebFailureException">It is no address, or would send credentials in the clear.</exception>
    public static Uri Base(string text, string setting)
    {
        if (!Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var address)
            || (address.Scheme != Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttp))
        {
            throw new WebFailureException(StepOutcome.Rejected(
                $"The setting '{setting}' is no address of a server. Give one that starts "
                    + "with https://."));
        }

        return address.Scheme == Uri.UriSchemeHttps || address.IsLoopback
            ? address
            : throw new WebFailureException(
                StepOutcome.Rejected(
                    $"The setting '{setting}' is an http:// address: credentials would cross the network in the clear. Use https://."));
    }

    /// <summary>A path below the base; each part is escaped.</summary>
    public static Uri At(Uri root, params ReadOnlySpan<string> parts) =>
        new(root, string.Join('/', parts.ToArray().Select(Uri.EscapeDataString)));
}
