using Npgsql;
using Rotunda.Postgres;
using Rotunda.Providers.Contract;

namespace Rotunda.Providers.Databases.Postgres;

/// <summary>The settings of one binding, read.</summary>
/// <param name="Admin">The administrator's connection, with its password.</param>
/// <param name="Accounts">With alternate, two; with in-place, one.</param>
internal sealed record PostgresSetup(
    NpgsqlConnectionStringBuilder Admin,
    IReadOnlyList<string> Accounts,
    bool InPlace,
    string? OwnerRole,
    bool CreateAccounts,
    bool LockByScramble,
    bool EndSessions,
    string? VerifyHost,
    int? VerifyPort,
    string? VerifyDatabase,
    string? VerifySql = null,
    string? PasswordEncryption = null,
    bool SendsText = false)
{
    /// <exception cref="PostgresSetupException">The settings contradict each other, or lack something.</exception>
    public static async Task<PostgresSetup> ReadAsync(ProviderSettings settings, CancellationToken cancellationToken)
    {
        var accounts = settings.TextList(PostgresDescriptor.Accounts);
        var role = settings.Text(PostgresDescriptor.Role);
        if ((accounts.Count == 0) == (role is null))
        {
            throw new PostgresSetupException("Set either 'accounts' (two roles, strategy alternate) or 'role' (one, strategy in-place).");
        }

        if (role is null && (accounts.Count != 2 || accounts[0] == accounts[1]))
        {
            throw new PostgresSetupException("'accounts' does not name two different roles. Name exactly two.");
        }

        var owner = settings.Text(PostgresDescriptor.OwnerRole);
        var names = role is null ? accounts : [role];
        if (names.Append(owner ?? "x").FirstOrDefault(name => !SqlText.IsIdentifier(name)) is { } wrong)
        {
            throw new PostgresSetupException($"'{wrong}' cannot be a role. Use a name of PostgreSQL: 1 to 63 bytes and no NUL.");
        }

        var admin = await AdminAsync(settings, cancellationToken);
        var sendsText = settings.Text(PostgresDescriptor.SendAs) == PostgresDescriptor.AsText;
        if (sendsText && !IsPrivate(admin))
        {
            throw new PostgresSetupException(
                "With sendAs: text passwords go as they are, and the connection may be without TLS. Set sslMode: require, or better "
                    + "verify-full.");
        }

        return new(
            admin,
            names,
            role is not null,
            owner,
            settings.Flag(PostgresDescriptor.CreateAccounts),
            settings.Text(PostgresDescriptor.LockRetired) == PostgresDescriptor.LockByScramble,
            settings.Flag(PostgresDescriptor.EndSessions),
            settings.Text(PostgresDescriptor.VerifyHost),
            settings.Number(PostgresDescriptor.VerifyPort, 0) is > 0 and var port ? port : null,
            settings.Text(PostgresDescriptor.VerifyDatabase),
            settings.Text(PostgresDescriptor.VerifySql) is { } sql && !string.IsNullOrWhiteSpace(sql) ? sql : null,
            settings.Text(PostgresDescriptor.PasswordEncryption),
            sendsText);
    }

    /// <summary>A login as the account, at the address where applications log in.</summary>
    public NpgsqlConnectionStringBuilder Login(string account, string password)
    {
        var login = new NpgsqlConnectionStringBuilder(Admin.ConnectionString)
        {
            Username = account,
            Password = password,
            Passfile = null,
            SslCertificate = null,
            SslKey = null,
            SslPassword = null,
            Options = null,
            ApplicationName = "rotunda verification",
        };
        if (VerifyHost is not null)
        {
            login.Host = VerifyHost;
        }

        login.Port = VerifyPort ?? login.Port;
        login.Database = VerifyDatabase ?? Admin.Database ?? Admin.Username;
        return login;
    }

    /// <summary>The connection that the settings describe: unpooled, telling no row values in its errors.</summary>
    /// <exception cref="PostgresSetupException">They describe none.</exception>
    public static async Task<NpgsqlConnectionStringBuilder> AdminAsync(ProviderSettings settings, CancellationToken cancellationToken)
    {
        NpgsqlConnectionStringBuilder admin;
        using (var connection = await settings.SecretAsync(PostgresDescriptor.Connection, cancellationToken))
        {
            admin = connection is null
                ? await FromPartsAsync(settings, cancellationToken)
                : PostgresConnectionText.Read(connection.RevealText().Trim());
        }

        if (string.IsNullOrEmpty(admin.Host))
        {
            throw new PostgresSetupException("No server is named: set 'connection', or 'host' with 'user' and 'password'.");
        }

        // Npgsql would take the role's name, and administrators seldom have a database of that name.
        if (string.IsNullOrEmpty(admin.Database))
        {
            admin.Database = settings.Text(PostgresDescriptor.Database) ?? "postgres";
        }

        if (settings.Text(PostgresDescriptor.SslMode) is { } mode)
        {
            admin["SSL Mode"] = mode.Replace("-", "");
        }

        admin.RootCertificate = settings.Text(PostgresDescriptor.RootCertificate) ?? admin.RootCertificate;
        if (!admin.ShouldSerialize("GSS Encryption Mode"))
        {
            admin.GssEncryptionMode = GssEncryptionMode.Disable;
        }

        // Nothing is pooled: each login is a fresh one, and no session outlives its step. Details of errors hold row values.
        admin.Pooling = false;
        admin.Enlist = false;
        admin.Multiplexing = false;
        admin.IncludeErrorDetail = false;
        admin.PersistSecurityInfo = false;
        admin.LogParameters = false;
        admin.ApplicationName = "rotunda";
        admin.Timeout = (int)Math.Clamp(
            settings.Duration(PostgresDescriptor.ConnectTimeout, TimeSpan.FromSeconds(15)).TotalSeconds,
            1,
            1024);
        return admin;
    }

    /// <summary>Nobody on the way can read along.</summary>
    private static bool IsPrivate(NpgsqlConnectionStringBuilder admin) =>
        admin.SslMode is SslMode.Require or SslMode.VerifyCA or SslMode.VerifyFull
        || admin.Host?.Split(',').All(host => host is ['/', ..] or "127.0.0.1" or "::1" or "localhost") == true;

    private static async Task<NpgsqlConnectionStringBuilder> FromPartsAsync(ProviderSettings settings, CancellationToken cancellationToken)
    {
        using var password = await settings.SecretAsync(PostgresDescriptor.Password, cancellationToken);
        return new()
        {
            Host = settings.Text(PostgresDescriptor.Host),
            Port = settings.Number(PostgresDescriptor.Port, 5432),
            Database = settings.Text(PostgresDescriptor.Database) ?? "postgres",
            Username = settings.Text(PostgresDescriptor.User) ?? throw new PostgresSetupException(
                "'user' is missing beside 'host'. Set "
                    + "it."),
            Password = password?.RevealText(),
        };
    }
}
