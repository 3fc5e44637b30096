namespace Rotunda.Providers.SqlDatabases.SqlServer;

/// <summary>What a database with users of its own is, and what Rotunda's own user may do there.</summary>
/// <param name="Edition">SERVERPROPERTY's EngineEdition.</param>
internal sealed record SqlServerHome(
    int Edition,
    string Name,
    bool IsReadOnly,
    bool AltersUsers,
    bool SeesDefinitions,
    bool EndsSessionsHere,
    bool SeesSessionsHere,
    bool EndsSessionsOfServer,
    bool SeesSessionsOfServer)
{
    private const int AzureSqlDatabase = 5;

    public bool IsAzure => Edition == AzureSqlDatabase;

    /// <summary>Azure gives such rights by database, SQL Server by server.</summary>
    public bool SeesSessions => IsAzure ? SeesSessionsHere : SeesSessionsOfServer;

    public bool EndsSessions => IsAzure ? EndsSessionsHere : EndsSessionsOfServer;

    public string SightRight => IsAzure ? "VIEW DATABASE STATE" : "VIEW SERVER STATE";

    public string EndRight => IsAzure ? "KILL DATABASE CONNECTION" : "ALTER ANY CONNECTION";
}
