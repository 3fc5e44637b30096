using System.Globalization;

namespace Rotunda.Ledger;

/// <summary>What is told of very many secrets at once.</summary>
public abstract partial class SqlLedger
{
    /// <summary>So many small changes go into one transaction: nobody else waits for long.</summary>
    private const int AtOnce = 500;

    /// <summary>So many rows go into one statement, and so into one round trip.</summary>
    private const int InOneStatement = 100;

    /// <summary>In <c>meta</c>. It does not move with the ledger: another head keeps the policies anew.</summary>
    private const string KeptCatalogKey = "kept_catalog";

    private static readonly string[] s_names = NamesOf("@n");
    private static readonly string[] s_first = NamesOf("@a");
    private static readonly string[] s_second = NamesOf("@b");
    private static readonly string s_setPolicies = ManySql.SetPolicies(RowsOf(s_names, s_first));
    private static readonly string s_setIntervals = ManySql.SetIntervals(RowsOf(s_names, s_first, s_second));

    public Task SetIntervalsAsync(IReadOnlyCollection<SecretInterval> intervals, CancellationToken cancellationToken) => InPartsAsync(
        intervals,
        (session, one) => session.RunAsync(
            LedgerSql.SetInterval, ("@name", one.Name), ("@interval", Seconds(one.Interval)), ("@lead", Seconds(one.RenewBefore))),
        (session, some) => session.RunAsync(
            s_setIntervals,
            [
                .. some.SelectMany((one, row) => new (string, LedgerValue)[]
                {
                    (s_names[row], one.Name), (s_first[row], Seconds(one.Interval)), (s_second[row], Seconds(one.RenewBefore)),
                }),
            ]),
        cancellationToken);

    public Task SetPoliciesAsync(
        IReadOnlyCollection<(string Name, string Policy)> policies, CancellationToken cancellationToken) => InPartsAsync(
        policies,
        (session, one) => session.RunAsync(LedgerSql.SetPolicy, ("@name", one.Name), ("@policy", one.Policy)),
        (session, some) => session.RunAsync(
            s_setPolicies,
            [.. some.SelectMany((one, row) => new (string, LedgerValue)[] { (s_names[row], one.Name), (s_first[row], one.Policy) })]),
        cancellationToken);

    public Task<string?> GetKeptCatalogAsync(CancellationToken cancellationToken) =>
        ReadAsync(async session => await session.ScalarAsync(LedgerSql.GetMeta, ("@key", KeptCatalogKey)) as string, cancellationToken);

    public Task SetKeptCatalogAsync(string catalog, CancellationToken cancellationToken) => WriteAsync(
        session => session.RunAsync(LedgerSql.SetMeta, ("@key", KeptCatalogKey), ("@value", catalog)), cancellationToken);

    /// <summary>As many at once as a statement takes, what is left over one by one: so there are two texts only, which are kept.</summary>
    private async Task InPartsAsync<T>(
        IReadOnlyCollection<T> all,
        Func<LedgerSession, T, Task> setOne,
        Func<LedgerSession, T[], Task> setSome,
        CancellationToken cancellationToken)
    {
        foreach (var some in all.Chunk(AtOnce))
        {
            await WriteAsync(
                async session =>
                {
                    foreach (var part in some.Chunk(InOneStatement))
                    {
                        if (part.Length == InOneStatement)
                        {
                            await setSome(session, part);
                            continue;
                        }

                        foreach (var one in part)
                        {
                            await setOne(session, one);
                        }
                    }
                },
                cancellationToken);
        }
    }

    private static long? Seconds(TimeSpan? time) => (long?)time?.TotalSeconds;

    private static string[] NamesOf(string prefix) =>
        [.. Enumerable.Range(0, InOneStatement).Select(row => prefix + row.ToString(CultureInfo.InvariantCulture))];

    private static string RowsOf(params string[][] columns) => string.Join(
        ", ", Enumerable.Range(0, InOneStatement).Select(row => $"({string.Join(", ", columns.Select(names => names[row]))})"));
}
