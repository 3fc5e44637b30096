namespace Rotunda.Providers.SqlDatabases.SqlServer;

/// <summary>The driver found the connection closed in the middle of the work.</summary>
internal sealed class SqlServerClosedException(Exception inner) : Exception("The connection was closed.", inner);
