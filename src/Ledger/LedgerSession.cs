using System.Data;
using System.Data.Common;
using Rotunda.Files;

namespace Rotunda.Ledger;

/// <summary>The few calls that the ledger is written with, in one transaction of either database.</summary>
/// <param name="prelude">Goes before the first statement, in the same round trip.</param>
internal sealed class LedgerSession(
    DbConnection connection,
    DbTransaction? transaction = null,
    string prelude = "",
    CancellationToken cancellationToken = default)
{
    private string _prelude = prelude;

    public Task<int> RunAsync(string sql, params (string Name, LedgerValue Value)[] parameters) =>
        WithAsync(sql, parameters, command => command.ExecuteNonQueryAsync(cancellationToken));

    /// <summary>Null for no row and for a row with null.</summary>
    public Task<object?> ScalarAsync(string sql, params (string Name, LedgerValue Value)[] parameters) => WithAsync(
        sql,
        parameters,
        async command => await command.ExecuteScalarAsync(cancellationToken) is { } value and not DBNull ? value : null);

    public Task<List<T>> ListAsync<T>(string sql, Func<DbDataReader, T> map, params (string Name, LedgerValue Value)[] parameters) =>
        WithAsync(
            sql,
            parameters,
            async command =>
            {
                using var reader = await command.ExecuteReaderAsync(cancellationToken);
                var rows = new List<T>();
                while (await reader.ReadAsync(cancellationToken))
                {
                    rows.Add(map(reader));
                }

                return rows;
            });

    /// <summary>For many rows: none is kept.</summary>
    public Task EachAsync(string sql, Action<DbDataReader> take) => WithAsync(
        sql,
        [],
        async command =>
        {
            using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                take(reader);
            }

            return true;
        });

    public async Task<T?> FirstAsync<T>(string sql, Func<DbDataReader, T> map, params (string Name, LedgerValue Value)[] parameters)
        where T : class => await ListAsync(sql, map, parameters) is [var first, ..] ? first : null;

    private async Task<T> WithAsync<T>(string sql, (string Name, LedgerValue Value)[] parameters, Func<DbCommand, Task<T>> run)
    {
        var command = KeptCommands.Take(connection, _prelude + sql);
        try
        {
            command.Transaction = transaction;
            _prelude = "";
            foreach (var (name, value) in parameters)
            {
                var parameter = command.CreateParameter();
                (parameter.ParameterName, parameter.DbType, parameter.Value) = (name, value.Type, value.Value ?? DBNull.Value);
                command.Parameters.Add(parameter);
            }

            var result = await run(command);
            KeptCommands.Keep(command);
            return result;
        }
        catch
        {
            command.Dispose();
            throw;
        }
    }
}

/// <summary>A parameter with its type, which PostgreSQL cannot tell from a null.</summary>
internal readonly record struct LedgerValue(DbType Type, object? Value)
{
    /// <summary>No text.</summary>
    public static LedgerValue None => new(DbType.String, null);

    public static implicit operator LedgerValue(string? text) => new(DbType.String, text);

    public static implicit operator LedgerValue(long? number) => new(DbType.Int64, number);

    public static implicit operator LedgerValue(long number) => new(DbType.Int64, number);
}
