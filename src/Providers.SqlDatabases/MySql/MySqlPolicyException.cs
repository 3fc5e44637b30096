namespace Rotunda.Providers.SqlDatabases.MySql;

/// <summary>The server's policy for passwords refused one, and nothing was changed.</summary>
internal sealed class MySqlPolicyException(int code) : Exception("The server's policy refused the password.")
{
    /// <summary>The server's error.</summary>
    public int Code { get; } = code;
}
