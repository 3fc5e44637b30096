using System.Security.Cryptography;
using Npgsql;

namespace Rotunda.Providers.Databases.Postgres;

/// <summary>
/// Tries what a rotation will do to the accounts, with a password that nobody knows, in a transaction that is rolled back: other
/// sessions never see it. What an extension or a managed service refuses is heard of before anything is changed.
/// </summary>
internal static class PostgresTrial
{
    /// <returns>What is refused; null if nothing is.</returns>
    /// <exception cref="PostgresException">It cannot be tried now.</exception>
    public static async Task<string?> RefusalAsync(
        PostgresSetup setup,
        PostgresServer server,
        ManagedService? service,
        PostgresClient client,
        Func<string, Task<IReadOnlyList<string>>> making,
        CancellationToken cancellationToken)
    {
        foreach (var account in setup.Accounts)
        {
            var made = await making(account);
            var (at, set) = (made.Count, Setting(setup, account));
            string[] locking = setup.InPlace ? [] : [PostgresStatements.Lock(account, setup.LockByScramble)];
            string[] statements = [.. made, .. set, .. locking];
            if (await client.TryAsync(statements, cancellationToken) is not var (refused, failed))
            {
                continue;
            }

            var what = failed < at ? "be made" : failed < at + set.Count ? "get a new password" : "be locked";
            // Of a setting it may quote the value, and that may be a secret.
            var why = statements[failed].Contains(" SET ", StringComparison.Ordinal) ? "" : $"{refused.MessageText}, ";
            return $"The server does not let {server.Administrator} do what a rotation does: {account} cannot {what} "
                + $"({why}SQLSTATE {refused.SqlState}). {Advice(setup, service, account, failed >= at)}";
        }

        return null;
    }

    private static IReadOnlyList<string> Setting(PostgresSetup setup, string account)
    {
        var form = setup.PasswordEncryption == PostgresDescriptor.Md5 ? PasswordForm.Md5 : PasswordForm.Scram;
        using var nobodys = Rotation.Words.SecretValue.FromText($"Aa1-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}");
        return PostgresStatements.SetPassword(setup, account, form, nobodys, null);
    }

    private static string Advice(PostgresSetup setup, ManagedService? service, string account, bool isPassword)
    {
        var by = service is null ? "As a superuser" : $"As {service.Grantor}";
        var text = isPassword && !setup.SendsText
            ? " If it is the verifier that the server does not take (a password policy of the service), set sendAs: text."
            : "";
        return $"{by}, give it the right that is named there, or see the server's log and its shared_preload_libraries for what "
            + $"refuses it for {account}.{text}";
    }
}
