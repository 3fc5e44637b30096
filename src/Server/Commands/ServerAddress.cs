namespace Rotunda.Server.Commands;

/// <summary>The address of a server, as <c>--url</c> or ROTUNDA_URL gives it, and which tokens may go there.</summary>
internal static class ServerAddress
{
    /// <exception cref="CommandException">It is no address of a server, or a token would cross a network in the clear.</exception>
    public static Uri Parse(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw new CommandException(
                ExitCodes.CannotWork,
                $"'{url}' is not an address of a server. Give one like http://127.0.0.1:7071 with --url or ROTUNDA_URL.");
        }

        if (address.UserInfo.Length > 0)
        {
            // Nothing would read it, and messages show the address.
            throw new CommandException(
                ExitCodes.CannotWork,
                "The server's address (--url or ROTUNDA_URL) holds a user name or password. Take it away: a token goes by ROTUNDA_TOKEN.");
        }

        return address.Scheme == Uri.UriSchemeHttps || address.IsLoopback
            ? address
            : throw new CommandException(
                ExitCodes.CannotWork,
                $"'{url}' is another machine's address without TLS: the token would be read on its way. Give an https:// address.");
    }

    /// <summary>The token to send there.</summary>
    /// <param name="given">From ROTUNDA_TOKEN: for whatever address the same person gives.</param>
    /// <param name="saved">Reads the one that the server left in its data directory; null if there is none. It is an administrator's,
    /// and made for this machine's command line: it goes nowhere else.</param>
    /// <exception cref="CommandException">There is none that may go there.</exception>
    public static string? TokenFor(Uri address, string? given, Func<string?> saved)
    {
        if (given is not null || address.IsLoopback)
        {
            return given ?? saved();
        }

        throw new CommandException(
            ExitCodes.CannotWork,
            $"{address} is another machine, and the token in the data directory is for this one alone. Set ROTUNDA_TOKEN to a token of "
                + "that server ('rotunda token create' makes one there).");
    }
}
