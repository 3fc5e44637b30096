namespace Rotunda.Providers.SqlDatabases.MySql;

/// <summary>The settings, or what they name, are wrong; the message says what to do.</summary>
internal sealed class MySqlSetupException(string message) : Exception(message);
