using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using MySqlConnector;
using Rotunda.Network;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.SqlDatabases.MySql;

/// <summary>Proves a password by logging in with it: afresh, unpooled, at each address that applications use. Never with a wrong one on
/// purpose: servers lock users for that.</summary>
internal static class MySqlLogin
{
    /// <summary>Valid only if each place lets the user in. A place that refuses what the server itself takes is behind, which does not
    /// tell.</summary>
    public static async Task<Verification> TryAsync(MySqlSetup setup, string user, SecretValue value, CancellationToken cancellationToken)
    {
        var last = new Verification(Validity.CannotTell);
        foreach (var login in setup.Logins(user, value.RevealText()))
        {
            last = await TryOneAsync(setup, login, cancellationToken);
            if (last is { Validity: Validity.Invalid, Authenticates: false } && setup.Places.Count > 0)
            {
                var itself = (setup with { Places = [] }).Logins(user, value.RevealText()).First();
                return (await TryOneAsync(setup, itself, cancellationToken)).Validity == Validity.Valid
                    ? new(
                        Validity.CannotTell,
                        $"{setup.Address} lets {user} in, and {MySqlSetup.AddressOf(login.Server, login.Port)} does not (yet). If it is a "
                            + "replica, look how far behind it is.")
                    : last;
            }

            if (last.Validity != Validity.Valid)
            {
                return last;
            }
        }

        return last;
    }

    /// <summary>Which place of 'verifyAt' cannot be logged in at, whoever logs in; null if each answers. Tried as Rotunda's own user:
    /// that it is refused there is an answer too.</summary>
    public static async Task<string?> UnreachedAsync(MySqlSetup setup, CancellationToken cancellationToken)
    {
        foreach (var login in setup.Places.Count == 0 ? [] : setup.Logins(setup.Admin.UserID, setup.Admin.Password))
        {
            try
            {
                await using var connection = new MySqlConnection(login.ConnectionString);
                await connection.OpenAsync(cancellationToken);
            }
            catch (MySqlException refused) when (IsAnswer(refused))
            {
            }
            catch (Exception exception) when (IsUntried(exception))
            {
                return $"{Untried(login, exception)} It is in 'verifyAt'.";
            }
        }

        return null;
    }

    private static bool IsAnswer(MySqlException exception) => exception.SqlState is not null && exception.Number is >= 1000 and not 1042;

    private static bool IsUntried(Exception exception) => exception is MySqlException or MySqlProtocolException or NotSupportedException
        or TimeoutException or IOException or SocketException or AuthenticationException or ArgumentException;

    private static string Untried(MySqlConnectionStringBuilder login, Exception exception) =>
        $"No login of {login.UserID} could be tried at {MySqlSetup.AddressOf(login.Server, login.Port)}"
            + Causes.Told(exception)
            + ". Check that it is reachable, that 'sslMode' suits it, and how the user logs in (caching_sha2_password needs TLS over a "
            + "network).";

    private static async Task<Verification> TryOneAsync(
        MySqlSetup setup,
        MySqlConnectionStringBuilder login,
        CancellationToken cancellationToken)
    {
        var (at, user) = (MySqlSetup.AddressOf(login.Server, login.Port), login.UserID);
        try
        {
            await using var connection = new MySqlConnection(login.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            await using var command = new MySqlCommand("SELECT CURRENT_USER()", connection);
            var account = Convert.ToString(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture) ?? "";
            var split = account.LastIndexOf('@');
            return split > 0 && account[..split] == user && setup.Hosts.Contains(account[(split + 1)..], StringComparer.OrdinalIgnoreCase)
                ? new(Validity.Valid, $"Logged in at {at} as {account}.")
                : new(
                    Validity.CannotTell,
                    $"{at} takes a login of {user} for {account}, which is none of the accounts in the settings, so it proves nothing. Add "
                        + "that host to 'hosts', or drop that account.");
        }
        catch (MySqlException refused) when (IsAnswer(refused))
        {
            return Refused(refused.Number, at, user);
        }
        catch (Exception exception) when (IsUntried(exception))
        {
            return new(Validity.CannotTell, Untried(login, exception));
        }
    }

    private static Verification Refused(int code, string at, string user) => code switch
    {
        1045 or 1698 => new(Validity.Invalid, $"{at} refuses the password of {user}."),
        _ when MySqlFailures.IsBlocked(code) => new(Validity.CannotTell, MySqlFailures.WhyBlocked(at, user)),
        _ when MySqlFailures.IsLocked(code) => new(Validity.Invalid, $"{user} is locked at {at}."),
        1044 or 1049 => new(
            Validity.Invalid,
            $"{at} takes the password of {user}, which may not use the database of 'database' there ({MySqlFailures.Code(code)}). Grant it "
                + "that, or correct the name.") { Authenticates = true },
        1820 or 1862 => new(
            Validity.Invalid,
            $"{at} takes the password of {user}, and it has expired there ({MySqlFailures.Code(code)}).") { Authenticates = true },
        // Looked at only once the password is proven.
        1203 or 1226 => new(
            Validity.Valid, $"{at} takes the password of {user}, which has as many sessions as it may ({MySqlFailures.Code(code)})."),
        3159 => new(Validity.CannotTell, $"{at} lets nobody in without TLS. Set sslMode: required."),
        1130 => new(Validity.CannotTell, $"{at} lets nobody in from this host. Set 'verifyAt' to an address that does."),
        _ => new(Validity.CannotTell, $"{at} answered {MySqlFailures.Code(code)} to a login of {user}."),
    };
}
