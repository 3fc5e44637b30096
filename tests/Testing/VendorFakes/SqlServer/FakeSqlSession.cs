namespace Rotunda.Testing.VendorFakes.SqlServer;

/// <summary>A session that is logged in.</summary>
/// <param name="Database">The one that it is in.</param>
/// <param name="Program">As the client calls itself.</param>
public sealed record FakeSqlSession(int Id, string Login, string Database, string Program, string Host);
