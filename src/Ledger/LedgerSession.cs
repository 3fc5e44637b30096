using System.Data;
using System.Data.Common;

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

    public async Task<int> RunAsync(string sql, params (string Name, LedgerValue Value)[] parameters)
    {
        using var command = Command(sql, parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Null for no row and for a row with null.</summary>
    public async Task<object?> ScalarAsync(string sql, params (string Name, LedgerValue Value)[] parameters)
    {
        using var command = Command(sql, parameters);
        return await command.ExecuteScalarAsync(cancellationToken) is { } value and not DBNull ? value : null;
    }

    public async Task<List<T>> ListAsync<T>(string sql, Func<DbDataReader, T> map, params (string Name, LedgerValue Value)[] parameters)
    {
        using var command = Command(sql, parameters);
        using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(map(reader));
        }

        return rows;
    }

    /// <summary>For many rows: none is kept.</summary>
    public async Task EachAsync(string sql, Action<DbDataReader> take)
    {
        using var command = Command(sql, []);
        using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            take(reader);
        }
    }

    public async Task<T?> FirstAsync<T>(string sql, Func<DbDataReader, T> map, params (string Name, LedgerValue Value)[] parameters)
        where T : class => await ListAsync(sql, map, parameters) is [var first, ..] ? first : null;

    private DbCommand Command(string sql, (string Name, LedgerValue Value)[] parameters)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // The texts are constants.
        command.CommandText = _prelude + sql;
#pragma warning restore CA2100
        _prelude = "";
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.DbType, parameter.Value) = (name, value.Type, value.Value ?? DBNull.Value);
            command.Parameters.Add(parameter);
        }

        return command;
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
