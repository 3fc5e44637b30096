using Microsoft.Data.Sqlite;

namespace Rotunda.Files;

/// <summary>The few calls on a SQLite connection that the ledger and the embedded store are written with.</summary>
public static class SqliteRows
{
    public static int Run(this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        With(connection, sql, parameters, command => command.ExecuteNonQuery());

    public static object? Scalar(
        this SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        With(connection, sql, parameters, command => command.ExecuteScalar() is { } value and not DBNull ? value : null);

    public static List<T> List<T>(
        this SqliteConnection connection,
        string sql,
        Func<SqliteDataReader, T> map,
        params ReadOnlySpan<(string Name, object? Value)> parameters) => With(
        connection,
        sql,
        parameters,
        command =>
        {
            using var reader = command.ExecuteReader();
            var rows = new List<T>();
            while (reader.Read())
            {
                rows.Add(map(reader));
            }

            return rows;
        });

    public static T? First<T>(
        this SqliteConnection connection,
        string sql,
        Func<SqliteDataReader, T> map,
        params ReadOnlySpan<(string Name, object? Value)> parameters)
        where T : class => List(connection, sql, map, parameters) is [var first, ..] ? first : null;

    /// <summary>True for what more of the same will not mend: the disk is full, the file is read-only, damaged or away.</summary>
    public static string? WhyUnavailable(SqliteException exception, string file) => exception.SqliteErrorCode switch
    {
        SQLitePCL.raw.SQLITE_FULL => $"the disk is full. Free some space where '{file}' is; work goes on by itself.",
        SQLitePCL.raw.SQLITE_IOERR =>
            $"the disk did not read or write '{file}'. Check the disk and its free space; work goes on by itself.",
        SQLitePCL.raw.SQLITE_READONLY => $"'{file}' is read-only. Make the file and its folder writable for the user that Rotunda runs as.",
        SQLitePCL.raw.SQLITE_CANTOPEN =>
            $"'{file}' cannot be opened. Check that its folder exists and is writable for the user that Rotunda runs as.",
        SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB => $"'{file}' is damaged. Restore it from a backup.",
        SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED =>
            $"another process holds '{file}' for too long. End the backup or tool that has it open; work goes on by itself.",
        _ => null,
    };

    private static T With<T>(
        SqliteConnection connection, string sql, ReadOnlySpan<(string Name, object? Value)> parameters, Func<SqliteCommand, T> run)
    {
        var command = (SqliteCommand)KeptCommands.Take(connection, sql);
        try
        {
            foreach (var (name, value) in parameters)
            {
                command.Parameters.AddWithValue(name, value ?? DBNull.Value);
            }

            var result = run(command);
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
