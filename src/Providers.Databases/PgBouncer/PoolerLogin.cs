namespace Rotunda.Providers.Databases.PgBouncer;

/// <summary>The login that stands in one place. Holds a password: keep it local.</summary>
/// <param name="Database">"" for the auth_user of all.</param>
/// <param name="Password">Null if it stands in the userlist.</param>
internal sealed record PoolerLogin(string Database, string User, string? Password)
{
    /// <summary>Without the password.</summary>
    public override string ToString() => $"{User} of {Database}";
}
