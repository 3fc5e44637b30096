namespace Rotunda.Providers.Databases.Postgres;

/// <summary>How the server keeps a role's password. It decides what clients can log in: some know md5 alone.</summary>
internal enum PasswordForm
{
    /// <summary>It does not tell: neither by its catalogs nor by what it asks a client for.</summary>
    Unknown,
    /// <summary>The role has no password.</summary>
    None,
    Scram,
    Md5,
}
