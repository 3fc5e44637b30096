namespace Rotunda.Providers.SqlDatabases.SqlServer;

/// <summary>The settings, or what they name, are wrong; the message says what to do.</summary>
internal sealed class SqlServerSetupException(string message) : Exception(message);
