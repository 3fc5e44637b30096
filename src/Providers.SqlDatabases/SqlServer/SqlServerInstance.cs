namespace Rotunda.Providers.SqlDatabases.SqlServer;

/// <summary>What a server is, and what Rotunda's own login may do there.</summary>
/// <param name="Edition">SERVERPROPERTY's EngineEdition.</param>
/// <param name="Name">As availability groups call it.</param>
internal sealed record SqlServerInstance(
    int Edition,
    string Name,
    string Version,
    bool HasGroups,
    bool AltersLogins,
    bool SeesDefinitions,
    bool ControlsServer,
    bool EndsSessions,
    bool SeesSessions)
{
    /// <summary>2 to 4: SQL Server itself; 8: Azure SQL Managed Instance; 9: Edge.</summary>
    public bool HasLogins => Edition is 1 or 2 or 3 or 4 or 8 or 9;

    /// <summary>0 if it cannot be told.</summary>
    public int Major => int.TryParse(Version.Split('.')[0], out var major) ? major : 0;
}
