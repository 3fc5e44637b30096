namespace Rotunda.Providers.SqlDatabases.SqlServer;

/// <summary>A session at a server.</summary>
/// <param name="Program">As the client calls itself; empty if it does not.</param>
/// <param name="Host">As the client calls its machine.</param>
/// <param name="Minutes">Since it logged in.</param>
internal sealed record SqlServerOpenSession(int Id, string Program, string Host, int Minutes);
