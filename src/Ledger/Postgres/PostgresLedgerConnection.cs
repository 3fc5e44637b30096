using System.Net;
using Azure.Identity;
using Npgsql;
using Rotunda.Postgres;

namespace Rotunda.Ledger.Postgres;

/// <summary>The connection string, read and made safe.</summary>
internal sealed class PostgresLedgerConnection
{
    private const string DefaultSchema = "rotunda";
    private readonly NpgsqlConnectionStringBuilder _text;
    private readonly PostgresLedgerOptions _options;

    private PostgresLedgerConnection(NpgsqlConnectionStringBuilder text, string schema, PostgresLedgerOptions options) =>
        (_text, Schema, _options) = (text, schema, options);

    public string Schema { get; }

    /// <summary>The schema as it stands in SQL.</summary>
    public string SchemaName => SqlText.Identifier(Schema);

    public string Address => $"{_text.Host}:{_text.Port}, database {_text.Database}";

    public string User => _text.Username!;

    public SslMode SslMode => _text.SslMode;

    public bool HasPassword => !string.IsNullOrEmpty(_text.Password);

    public bool ByToken { get; private init; }

    /// <summary>
    /// First in every transaction: the names in the statements mean the ledger's tables. Not in the string, because a pooler
    /// that lends sessions to transactions (PgBouncer) refuses it there.
    /// </summary>
    public string Prelude => $"SET LOCAL search_path TO {SchemaName}, pg_temp; ";

    /// <exception cref="LedgerUnavailableException">It cannot be read, or lacks something. Nothing of the string is repeated.</exception>
    public static PostgresLedgerConnection Read(PostgresLedgerOptions options)
    {
        var text = Parse(options.ConnectionString);
        if (string.IsNullOrEmpty(text.Host) || string.IsNullOrEmpty(text.Username))
        {
            throw new LedgerUnavailableException("the connection string does not name both Host and Username. Add what is missing.");
        }

        var schema = text.SearchPath is { Length: > 0 } path ? path.Trim().Trim('"') : DefaultSchema;
        if (schema.Contains(',', StringComparison.Ordinal) || !SqlText.IsIdentifier(schema))
        {
            throw new LedgerUnavailableException(
                "the connection string's Search Path names several schemas. Name one there, the "
                    + "ledger's.");
        }

        text.SearchPath = null;
        text.Database ??= DefaultSchema;
        if (!text.ShouldSerialize("SSL Mode") && !IsThisMachine(text.Host))
        {
            text.SslMode = SslMode.VerifyFull;
        }

        if (!text.ShouldSerialize("GSS Encryption Mode"))
        {
            text.GssEncryptionMode = GssEncryptionMode.Disable;
        }

        // Details of errors hold row values.
        (text.IncludeErrorDetail, text.PersistSecurityInfo, text.LogParameters, text.Enlist) = (false, false, false, false);
        text.ApplicationName ??= "rotunda ledger";
        var byToken =
            string.IsNullOrEmpty(text.Password) && string.IsNullOrEmpty(text.Passfile) && string.IsNullOrEmpty(text.SslCertificate);
        return new PostgresLedgerConnection(text, schema, options) { ByToken = byToken };
    }

    public NpgsqlDataSource Open(TimeProvider time)
    {
        var builder = new NpgsqlDataSourceBuilder(_text.ConnectionString);
        if (ByToken)
        {
            var token = new EntraPassword(_options.Credential ?? new DefaultAzureCredential(), time);
            builder.UsePasswordProvider(
                _ => throw new NotSupportedException("The ledger opens its connections asynchronously."),
                (_, cancellationToken) => token.GetAsync(cancellationToken));
        }

        return builder.Build();
    }

    private static NpgsqlConnectionStringBuilder Parse(string given)
    {
        try
        {
            return PostgresConnectionText.Read(given.Trim());
        }
        catch (PostgresSetupException)
        {
            throw new LedgerUnavailableException(
                "its connection string cannot be read. Write Host=…;Database=…;Username=…;Password=… (without Password for a Microsoft "
                    + "Entra login), or host=… dbname=… user=… password=…, or postgresql://user:password@host:port/database with special "
                    + "characters percent-encoded.");
        }
    }

    private static bool IsThisMachine(string host) =>
        host.StartsWith('/')
            || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
