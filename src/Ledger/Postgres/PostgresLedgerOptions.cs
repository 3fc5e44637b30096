using Azure.Core;

namespace Rotunda.Ledger.Postgres;

/// <summary>Where a ledger on PostgreSQL is, and how to log in.</summary>
public sealed record PostgresLedgerOptions
{
    /// <summary>
    /// Npgsql's keywords (Host=…;Database=…;Username=…) or a libpq URI. Without a password, a passfile or a client certificate the
    /// login is by a Microsoft Entra token. Its Search Path names the schema, <c>rotunda</c> if it names none. TLS with a verified
    /// certificate unless the string says otherwise or the host is this machine.
    /// </summary>
    public required string ConnectionString { get; init; }

    /// <summary>Gives the tokens; null for the environment's (managed identity, workload identity, developer's login).</summary>
    public TokenCredential? Credential { get; init; }
}
