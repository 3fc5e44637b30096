using Npgsql;
using Rotunda.Providers.Clients.Vault;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Databases.Postgres;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.VaultDatabase;

/// <summary>The settings that both kinds of roles have.</summary>
internal static class VaultDatabaseSettings
{
    public const string DatabaseRole = "databaseRole";
    public const string VerifyHost = "verifyHost";
    public const string VerifyPort = "verifyPort";
    public const string VerifyDatabase = "verifyDatabase";
    public const string VerifySql = "verifySql";
    public const string SslMode = "sslMode";
    public const string RootCertificate = "rootCertificate";
    public const string DefaultMount = "database";

    public static IEnumerable<SettingDescriptor> Of(string role) =>
    [
        .. VaultAccess.Place,
        new(VaultAccess.Mount, SettingType.Text, "Where the database engine is mounted.", Default: DefaultMount),
        new(DatabaseRole, SettingType.Text, role, Required: true),
        .. VaultAccess.Login,
        new(VerifyHost, SettingType.Text,
            "PostgreSQL only: where applications log in. With it, every credential is proven by a login there before it is delivered. "
                + "Left out: nothing proves it."),
        SettingDescriptor.ForPort(VerifyPort, "The port beside `verifyHost`.", "5432"),
        new(VerifyDatabase, SettingType.Text, "The database beside `verifyHost`.", Default: "postgres"),
        new(VerifySql, SettingType.Text,
            "A statement that a login has to be able to run: `SELECT 1 FROM orders LIMIT 1`. It is run in a read-only transaction that "
                + "is taken back."),
        new(SslMode, SettingType.Choice, "How the login beside `verifyHost` is protected.", Default: "prefer",
            Choices: ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"]),
        new(RootCertificate, SettingType.Path, "The certificate authority that verify-ca and verify-full trust. Left out: the system's."),
    ];

    /// <summary>The role's name: one part of a path.</summary>
    /// <exception cref="WebFailureException">It cannot be one.</exception>
    public static string RoleOf(ProviderSettings settings)
    {
        var role = VaultSettings.PathOf(settings.RequiredText(DatabaseRole), DatabaseRole);
        return role.Contains('/')
            ? throw new WebFailureException(StepOutcome.Rejected(
                $"The setting '{DatabaseRole}' is the name of a role, without its path. Write orders, not database/creds/orders."))
            : role;
    }

    /// <summary>Logs in as the account, afresh.</summary>
    public static async Task<Verification> TryAsync(
        ProviderSettings settings, string? account, SecretValue value, CancellationToken cancellationToken)
    {
        if (account is null)
        {
            return new(Validity.CannotTell, "Nothing tells the user's name.");
        }

        var setup = SetupOf(settings);
        var found = await PostgresLogin.TryAsync(setup, account, value.RevealText(), cancellationToken);
        return found.Validity == Validity.Valid && await PostgresLogin.AcceptsAnythingAsync(setup, account, cancellationToken)
            ? new(Validity.CannotTell, PostgresLogin.TrustAdvice(setup, account))
            : found;
    }

    /// <summary>What stands in the way of proving logins that Vault has not made yet; null if nothing does, or none is to be
    /// proven. Asked by a user that is not there.</summary>
    public static async Task<StepOutcome?> ObstacleAsync(ProviderSettings settings, CancellationToken cancellationToken) =>
        settings.Text(VerifyHost) is null ? null
            : await PostgresLogin.ObstacleAsync(SetupOf(settings), "rotunda-check", cancellationToken);

    private static PostgresSetup SetupOf(ProviderSettings settings)
    {
        var login = new NpgsqlConnectionStringBuilder
        {
            Host = settings.RequiredText(VerifyHost),
            Port = settings.Number(VerifyPort, 5432),
            Database = settings.Text(VerifyDatabase) ?? "postgres",
            RootCertificate = settings.Text(RootCertificate),
            GssEncryptionMode = GssEncryptionMode.Disable,
            Pooling = false,
            Enlist = false,
            IncludeErrorDetail = false,
            PersistSecurityInfo = false,
            Timeout = 15,
        };
        login["SSL Mode"] = (settings.Text(SslMode) ?? "prefer").Replace("-", "");
        return new PostgresSetup(
            login, [], InPlace: false, OwnerRole: null, CreateAccounts: false, LockByScramble: false, EndSessions: false,
            VerifyHost: null, VerifyPort: null, login.Database,
            settings.Text(VerifySql) is { } sql && !string.IsNullOrWhiteSpace(sql) ? sql : null);
    }
}
