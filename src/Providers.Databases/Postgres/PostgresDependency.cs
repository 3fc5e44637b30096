namespace Rotunda.Providers.Databases.Postgres;

/// <summary>How something hangs on a role.</summary>
internal enum PostgresDependency
{
    /// <summary>The role owns it.</summary>
    Owned,

    /// <summary>The role is named in its privileges.</summary>
    Granted,

    /// <summary>A policy of row-level security names the role.</summary>
    Policy,

    /// <summary>Both roles are named in its privileges, and this one has more; the name begins with those.</summary>
    More,
}
