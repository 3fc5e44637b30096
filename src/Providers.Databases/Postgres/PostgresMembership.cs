namespace Rotunda.Providers.Databases.Postgres;

/// <summary>What a role may do by way of a group, however it came to be its member.</summary>
/// <param name="Inherits">Has the group's rights at once.</param>
/// <param name="Sets">May act as the group (SET ROLE). Before PostgreSQL 16 every member may.</param>
/// <param name="Administers">May make others its members.</param>
internal sealed record PostgresMembership(string Group, bool IsMember, bool Inherits, bool Sets, bool Administers);
