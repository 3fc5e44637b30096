using System.Security;
using Microsoft.Data.SqlClient;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.SqlDatabases.SqlServer;

/// <summary>Opens connections that nobody else gets: without a pool, which would hide that a password works no longer, and without
/// attempts of the driver's own.</summary>
internal static class SqlServerConnections
{
    /// <summary>The same code for the network on every system, and no library of the driver's own on Windows.</summary>
    static SqlServerConnections() => AppContext.SetSwitch("Switch.Microsoft.Data.SqlClient.UseManagedNetworkingOnWindows", true);

    /// <param name="address">As in the settings.</param>
    /// <param name="database">Null for the login's own.</param>
    /// <exception cref="SqlException">It was not opened; what that means is told by <see cref="SqlServerFailures"/>.</exception>
    public static async Task<SqlConnection> OpenAsync(
        SqlServerSetup setup,
        string address,
        string? database,
        string login,
        SecretValue password,
        CancellationToken cancellationToken)
    {
        using var secret = Secure(password);
        // The password is in no connection string: the driver keeps those.
        var connection = new SqlConnection(TextFor(setup, address, database), new SqlCredential(login, secret));
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static string TextFor(SqlServerSetup setup, string address, string? database)
    {
        var text = new SqlConnectionStringBuilder
        {
            ApplicationName = "Rotunda",
            ConnectRetryCount = 0,
            ConnectTimeout = Math.Max(1, (int)setup.Timeout.TotalSeconds),
            CommandTimeout = Math.Max(1, (int)setup.Timeout.TotalSeconds),
            DataSource = SqlServerAddress.DataSource(address),
            Encrypt = setup.Encrypt switch
            {
                SqlServerDescriptor.Strict => SqlConnectionEncryptOption.Strict,
                SqlServerDescriptor.Optional => SqlConnectionEncryptOption.Optional,
                _ => SqlConnectionEncryptOption.Mandatory,
            },
            Enlist = false,
            PersistSecurityInfo = false,
            Pooling = false,
            TrustServerCertificate = false,
        };
        if (database is not null)
        {
            text.InitialCatalog = database;
        }

        if (setup.Certificate is { } certificate)
        {
            text.ServerCertificate = certificate;
        }

        if (setup.CertificateName is { } name)
        {
            text.HostNameInCertificate = name;
        }

        // A listener has an address in each subnet, and one of them answers.
        if (setup.Replicas.Count > 0 && address == setup.Server)
        {
            text.MultiSubnetFailover = true;
        }

        return text.ConnectionString;
    }

    private static SecureString Secure(SecretValue password)
    {
        var secret = new SecureString();
        foreach (var character in password.RevealText())
        {
            secret.AppendChar(character);
        }

        secret.MakeReadOnly();
        return secret;
    }
}
