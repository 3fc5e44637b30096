namespace Rotunda.Providers.SqlDatabases.SqlServer;

/// <summary>A user of a database.</summary>
/// <param name="Sid">As 0x and hex digits.</param>
/// <param name="Schema">Its default schema; empty without one.</param>
/// <param name="Authentication">1: by a login of the server; 2: by a password of its own.</param>
internal sealed record SqlServerUser(string Name, string Sid, string Schema, int Authentication)
{
    public const int ByLogin = 1;
    public const int ByPassword = 2;

    /// <summary>The owner of the database, who may do all there.</summary>
    public bool IsOwner => Name == "dbo";
}
