namespace Rotunda.Postgres;

/// <summary>The settings cannot work as they are. The message says what to do and holds no value.</summary>
public sealed class PostgresSetupException(string message) : Exception(message);
