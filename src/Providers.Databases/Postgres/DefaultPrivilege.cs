using Rotunda.Postgres;

namespace Rotunda.Providers.Databases.Postgres;

/// <summary>One privilege that a role gets of objects that another makes from now on.</summary>
/// <param name="Schema">Unquoted; empty for all schemas.</param>
/// <param name="Kind">As a statement names them: TABLES, SEQUENCES, FUNCTIONS, TYPES, SCHEMAS.</param>
/// <param name="Grantee">A role; empty for everybody.</param>
internal sealed record DefaultPrivilege(string Maker, string Schema, string Kind, string Grantee, string Privilege)
{
    public string Statement => AdvisedSql.OpenWhatIsMade(Maker, Schema.Length == 0 ? null : Schema, Privilege, Kind, Grantee);
}
