using System.Net;

namespace Rotunda.Server.Hosting;

/// <summary>Where to listen, as <c>--urls</c> says: checked before the web server sees it, which takes much for another address.</summary>
internal static class ListenAddresses
{
    /// <param name="urls">Separated by semicolons.</param>
    /// <param name="clear">Whether plain HTTP may be served to other machines.</param>
    /// <exception cref="StartupException">One of them cannot be listened on, or would take tokens in the clear from a network.</exception>
    public static IReadOnlyList<string> Parse(string urls, bool clear)
    {
        var parts = urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return parts.Length > 0
            ? [.. parts.Select(url => Check(url, clear))]
            : throw new StartupException("--urls is empty. Give an address such as http://127.0.0.1:7071.");
    }

    private static string Check(string url, bool clear)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address)
            || address.Scheme is not ("http" or "https")
            || address.PathAndQuery != "/"
            || address.Fragment.Length > 0
            || address.UserInfo.Length > 0)
        {
            throw new StartupException(
                $"'{url}' in --urls is no address to listen on. Write scheme, host and port, such as http://127.0.0.1:7071.");
        }

        if (address.Host != "localhost" && !IPAddress.TryParse(address.DnsSafeHost, out _))
        {
            // The web server listens on every interface where it is given a name.
            throw new StartupException(
                $"'{url}' in --urls names a host. Give the IP address of the interface to listen on, 0.0.0.0 or [::] for all of them, "
                    + "or localhost.");
        }

        // Written anew from what was checked: the web server reads some texts in another way.
        return address.Scheme == Uri.UriSchemeHttps || address.IsLoopback || clear
            ? address.GetComponents(UriComponents.Scheme | UriComponents.Host | UriComponents.StrongPort, UriFormat.UriEscaped)
            : throw new StartupException(
                $"'{url}' in --urls would take tokens from other machines in the clear. Use https:// with --certificate, name the "
                    + "proxy that ends TLS with --behind-proxy, or say --insecure if the network in between is trusted.");
    }
}
