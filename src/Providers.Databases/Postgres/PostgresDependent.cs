namespace Rotunda.Providers.Databases.Postgres;

/// <summary>Something that hangs on one role and not on another.</summary>
/// <param name="Database">"all databases" for what belongs to none.</param>
/// <param name="Kind">How it hangs on the role.</param>
/// <param name="Name">Its kind and name, as the server describes it; null in a database that nobody looks into.</param>
internal sealed record PostgresDependent(string Database, PostgresDependency Kind, string? Name);
