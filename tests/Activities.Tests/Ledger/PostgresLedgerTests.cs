using System.Data.Common;
using Rotunda.Activities.Tests.Providers;
using Rotunda.Ledger;

namespace Rotunda.Activities.Tests.Ledger;

/// <summary>The ledger on a real PostgreSQL, with a login that has no more rights than the heads get.</summary>
[Collection(LedgerPostgresGroup.Name)]
public sealed class PostgresLedgerTests(PostgresFixture fixture) : LedgerTests
{
    private readonly LedgerDatabase _database = new(fixture);

    protected override Task MakeAsync() => _database.MakeAsync();

    protected override Task RemoveAsync() => _database.RemoveAsync();

    protected override ILedger Open() => _database.Open(Time, Crashes);

    private protected override async Task<DbConnection> OpenRawAsync() => await _database.OpenRawAsync();

    private protected override Task UnguardAuditAsync(LedgerSession raw) => raw.RunAsync("DROP TRIGGER audit_append_only ON audit");
}
