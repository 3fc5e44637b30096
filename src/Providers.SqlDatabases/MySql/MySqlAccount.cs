namespace Rotunda.Providers.SqlDatabases.MySql;

/// <summary>One account (a user at a host), as the server's tables tell it.</summary>
/// <param name="Plugin">How it logs in.</param>
/// <param name="HasOtherWays">It may log in by something else too, or has to.</param>
/// <param name="Options">What it is bound to besides its grants (TLS, limits, default roles), by the names of the columns.</param>
internal sealed record MySqlAccount(
    string User,
    string Host,
    string Plugin,
    bool IsLocked,
    bool HasOtherWays,
    IReadOnlyList<(string Name, string Value)> Options)
{
    public const string Native = "mysql_native_password";
    public const string CachingSha2 = "caching_sha2_password";
    public const string Sha256 = "sha256_password";

    public override string ToString() => $"{User}@{Host}";

    /// <summary>ANY, X509, SPECIFIED, or empty where TLS is not asked for.</summary>
    public string TlsType => Options.FirstOrDefault(option => option.Name == "ssl_type").Value ?? "";

    /// <summary>Whether setting a password leaves the way it logs in as it is.</summary>
    public bool LogsInByPassword(bool mariaDb) => !HasOtherWays
        && (mariaDb ? Plugin is Native or "" : Plugin is Native or CachingSha2 or Sha256);
}
