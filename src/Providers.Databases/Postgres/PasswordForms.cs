using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Rotunda.Postgres;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.Postgres;

/// <summary>Finds in what form a password is kept, and makes one in that form.</summary>
internal static class PasswordForms
{
    public static string NameOf(PasswordForm form) =>
        form == PasswordForm.Md5 ? PostgresDescriptor.Md5 : PostgresDescriptor.ScramSha256;

    /// <summary>The form that a new password of an account gets.</summary>
    /// <exception cref="PostgresSetupException">The old form is to be kept, and cannot be told.</exception>
    public static async Task<PasswordForm> WantedAsync(
        PostgresSetup setup,
        PostgresClient client,
        string account,
        CancellationToken cancellationToken)
    {
        if (setup.PasswordEncryption != PostgresDescriptor.KeepForm)
        {
            return setup.PasswordEncryption == PostgresDescriptor.Md5 ? PasswordForm.Md5 : PasswordForm.Scram;
        }

        // With alternate, consumers log in by the other account's form now, and are to find the same.
        var model = setup.Accounts.FirstOrDefault(name => name != account) ?? account;
        return await FoundAsync(setup, client, model, cancellationToken) switch
        {
            PasswordForm.None => await DefaultAsync(client, cancellationToken),
            PasswordForm.Unknown => throw new PostgresSetupException(
                $"The setting passwordEncryption: keep needs to know in what form the password of {model} is kept, and neither the "
                    + "catalogs "
                    + "(pg_authid) nor what the server asks a client for tells it. Say passwordEncryption: scram-sha-256 or md5."),
            var form => form,
        };
    }

    /// <summary>In the catalogs, if the administrator may read them there; else as the server asks a client for it.</summary>
    public static async Task<PasswordForm> FoundAsync(
        PostgresSetup setup,
        PostgresClient client,
        string account,
        CancellationToken cancellationToken)
    {
        if (await client.MayReadPasswordsAsync(cancellationToken))
        {
            return await client.PasswordFormAsync(account, cancellationToken);
        }

        // A role that cannot log in, or is not there, is asked for the default form, which tells nothing of it.
        return await client.RoleAsync(account, null, cancellationToken) is not { CanLogin: true } ? PasswordForm.None
            : await AsksForAsync(setup, account, "MD5", cancellationToken) ? PasswordForm.Md5
            : await AsksForAsync(setup, account, "ScramSHA256", cancellationToken) ? PasswordForm.Scram
            : PasswordForm.Unknown;
    }

    public static async Task<PasswordForm> DefaultAsync(PostgresClient client, CancellationToken cancellationToken) =>
        await client.ShowAsync("password_encryption", cancellationToken) == PostgresDescriptor.Md5 ? PasswordForm.Md5 : PasswordForm.Scram;

    public static string Make(PasswordForm form, SecretValue value, string account, string? secretSalt) =>
        form == PasswordForm.Md5 ? Md5(value, account)
        : secretSalt is null ? ScramVerifier.Of(value)
        : ScramVerifier.Of(value, account, secretSalt);

    /// <summary>PostgreSQL's own form, for those whose clients know no other.</summary>
    [SuppressMessage(
        "Security",
        "CA5351:Do Not Use Broken Cryptographic Algorithms",
        Justification = "The policy asks for the form that old clients know.")]
    private static string Md5(SecretValue value, string account)
    {
        var name = Encoding.UTF8.GetBytes(account);
        var salted = GC.AllocateUninitializedArray<byte>(value.Length + name.Length, pinned: true);
        value.RevealBytes().CopyTo(salted);
        name.CopyTo(salted, value.Length);
        var verifier = "md5" + Convert.ToHexStringLower(MD5.HashData(salted));
        CryptographicOperations.ZeroMemory(salted);
        return verifier;
    }

    /// <summary>True if the server itself asks the role for a password in this way. Tried with one that cannot be right.</summary>
    private static async Task<bool> AsksForAsync(
        PostgresSetup setup,
        string account,
        string method,
        CancellationToken cancellationToken)
    {
        var login = setup.Login(account, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
        (login.Host, login.Port, login.RequireAuth) = (setup.Admin.Host, setup.Admin.Port, method);
        try
        {
            await using var connection = new NpgsqlConnection(login.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            return false;
        }
        catch (PostgresException refused)
        {
            return refused.SqlState == PostgresErrorCodes.InvalidPassword;
        }
        catch (NpgsqlException)
        {
            // It asks in another way, which the driver did not answer.
            return false;
        }
    }
}
