namespace Rotunda.Providers.SqlDatabases.SqlServer;

/// <summary>A session of Rotunda's own cannot be opened.</summary>
/// <param name="at">Where, for people.</param>
internal sealed class SqlServerOpenException(string at, Exception inner) : Exception("A session cannot be opened.", inner)
{
    public string At => at;
}
