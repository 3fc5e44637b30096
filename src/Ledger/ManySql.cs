namespace Rotunda.Ledger;

/// <summary>The statements that tell of very many secrets at once, in the SQL that both databases read: VALUES calls its columns column1,
/// column2 and so on in both.</summary>
internal static class ManySql
{
    /// <param name="rows">Rows of a name and a policy, as VALUES has them.</param>
    public static string SetPolicies(string rows) => $"""
        UPDATE secrets SET policy = v.column2 FROM (VALUES {rows}) AS v
        WHERE secrets.name = v.column1 AND COALESCE(secrets.policy, '') <> COALESCE(v.column2, '')
        """;

    /// <param name="rows">Rows of a name and both times in seconds, as VALUES has them.</param>
    public static string SetIntervals(string rows) => $"""
        UPDATE secrets SET interval_seconds = v.column2, renew_before_seconds = v.column3 FROM (VALUES {rows}) AS v
        WHERE secrets.name = v.column1 AND (COALESCE(secrets.interval_seconds, -1) <> COALESCE(v.column2, -1)
            OR COALESCE(secrets.renew_before_seconds, -1) <> COALESCE(v.column3, -1))
        """;
}
