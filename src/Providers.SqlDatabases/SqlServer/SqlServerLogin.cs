using System.Globalization;
using Microsoft.Data.SqlClient;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.SqlDatabases.SqlServer;

/// <summary>Proves a password by logging in with it: afresh, without a pool, where applications do and at each replica.</summary>
internal static class SqlServerLogin
{
    private const int Disabled = 18470;
    private const int LockedOut = 18486;
    private const int Expired = 18487;
    private const int MustChange = 18488;
    private const int Refused = 18456;

    /// <summary>The server looks at these only once the password is proven: whether the database can be entered.</summary>
    private static readonly int[] NoEntry = [4060, 4063, 4064, 911, 916];

    /// <summary>Valid only if every instance takes it: each may be the primary next.</summary>
    public static async Task<Verification> TryAllAsync(
        SqlServerSetup setup, string account, SecretValue value, CancellationToken cancellationToken)
    {
        var tried = new List<Verification>();
        // A secondary may not let anybody into the group's databases.
        foreach (var (address, database) in setup.Replicas.Select(one => (one, (string?)"master")).Prepend((setup.Server, setup.Database)))
        {
            tried.Add((await TryAsync(setup, address, database, account, value, cancellationToken)).Verification);
        }

        return tried.Find(one => one.Validity == Validity.CannotTell)
            ?? tried.Find(one => one is { Validity: Validity.Invalid, Authenticates: false })
            ?? tried.Find(one => one.Validity == Validity.Invalid)
            ?? tried[0];
    }

    /// <summary>Whether the account's password is this one at an instance, also if it is disabled there. False if that cannot be
    /// told.</summary>
    public static async Task<bool> IsSetAsync(
        SqlServerSetup setup, string address, string account, SecretValue value, CancellationToken cancellationToken)
    {
        var (verification, numbers) = await TryAsync(setup, address, setup.Home, account, value, cancellationToken);
        return verification is { Validity: Validity.Valid } or { Authenticates: true } || numbers.Contains(Disabled);
    }

    /// <returns>What it means, and the error numbers behind it.</returns>
    private static async Task<(Verification Verification, IReadOnlyList<int> Numbers)> TryAsync(
        SqlServerSetup setup, string address, string? database, string account, SecretValue value, CancellationToken cancellationToken)
    {
        var at = SqlServerAddress.Bare(address);
        try
        {
            await using var connection =
                await SqlServerConnections.OpenAsync(setup, address, database, account, value, cancellationToken);
            await using var command = new SqlCommand(SqlServerQueries.Self, connection);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var name = await reader.ReadAsync(cancellationToken) && !await reader.IsDBNullAsync(0, cancellationToken)
                ? reader.GetString(0) : "";
            return string.Equals(name, account, StringComparison.OrdinalIgnoreCase) || setup.Contained
                ? (new(Validity.Valid), [])
                : (new(Validity.CannotTell, $"{at} logs everyone in as {name}, so a login as {account} proves nothing."), []);
        }
        catch (Exception exception) when (SqlServerFailures.Explains(exception) || exception is InvalidOperationException)
        {
            var numbers = SqlServerFailures.Numbers(exception);
            var verification = numbers.Count > 0
                ? Told(numbers, setup, at, account)
                : new(Validity.CannotTell, $"No login could be tried at {at}. "
                    + $"{SqlServerFailures.BeforeAnything(exception, setup, at).Reason}");
            return (verification, numbers);
        }
    }

    private static Verification Told(IReadOnlyList<int> numbers, SqlServerSetup setup, string at, string account)
    {
        if (numbers.Contains(Expired) || numbers.Contains(MustChange))
        {
            return new(
                Validity.Invalid,
                $"{at} takes the password of {account}, and refuses the login as it has expired or has to be changed (error "
                    + $"{(numbers.Contains(Expired) ? "18487" : "18488")})")
            {
                Authenticates = true,
            };
        }

        if (numbers.Contains(Disabled))
        {
            // A wrong password of a disabled login is refused like any other (18456).
            return new(Validity.Invalid, $"{at} has the login {account} disabled (error 18470)");
        }

        if (numbers.Contains(LockedOut))
        {
            return new(
                Validity.CannotTell,
                $"{at} has locked {account} out after too many failed logins (error 18486), and so does not tell of its password. "
                    + "Unlock it there.");
        }

        // Of a contained user the database itself would have to tell: one that cannot be entered says nothing of the password.
        if (numbers.Intersect(NoEntry).Any())
        {
            var number = numbers.First(NoEntry.Contains).ToString(CultureInfo.InvariantCulture);
            return setup.Contained
                ? new(Validity.CannotTell, $"{at} has no database {setup.Database} that {account} could enter (error {number}).")
                : new(
                    Validity.Invalid,
                    $"{at} takes the password of {account}, and lets it not into {setup.Database ?? "its default database"} (error "
                        + $"{number})")
                {
                    Authenticates = true,
                };
        }

        return numbers.Contains(Refused)
            ? new(Validity.Invalid, $"{at} refuses the login of {account} (error 18456; the state in its log says why)")
            : new(
                Validity.CannotTell,
                $"{at} answered error {string.Join(", ", numbers.Distinct().Select(one => one.ToString(CultureInfo.InvariantCulture)))} "
                    + $"to a login as {account}.");
    }
}
