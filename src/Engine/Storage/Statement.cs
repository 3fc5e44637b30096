using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Rotunda.Engine.Storage;

/// <summary>
/// A prepared statement, kept for the connection's life. Straight on SQLite's own calls: on the path that every turn takes,
/// ADO.NET's commands and parameters cost more than the statements themselves.
/// </summary>
internal sealed class Statement : IDisposable
{
    private readonly sqlite3 _db;
    private readonly sqlite3_stmt _stmt;

    public Statement(SqliteConnection connection, string sql)
    {
        _db = connection.Handle!;
        Check(raw.sqlite3_prepare_v2(_db, sql, out _stmt));
    }

    public Statement Bind(int index, long value)
    {
        Check(raw.sqlite3_bind_int64(_stmt, index, value));
        return this;
    }

    public Statement Bind(int index, long? value)
    {
        Check(value is { } some ? raw.sqlite3_bind_int64(_stmt, index, some) : raw.sqlite3_bind_null(_stmt, index));
        return this;
    }

    public Statement Bind(int index, string? value)
    {
        if (value is null)
        {
            Check(raw.sqlite3_bind_null(_stmt, index));
        }
        else if (value.Length == 0)
        {
            // An empty span would bind NULL.
            Check(raw.sqlite3_bind_text(_stmt, index, string.Empty));
        }
        else
        {
            Check(raw.sqlite3_bind_text(_stmt, index, Encoding.UTF8.GetBytes(value).AsSpan()));
        }

        return this;
    }

    /// <summary>Binds UTF-8 bytes as text.</summary>
    public Statement BindUtf8(int index, ReadOnlySpan<byte> value)
    {
        Check(raw.sqlite3_bind_text(_stmt, index, value));
        return this;
    }

    /// <returns>True if there is a row.</returns>
    public bool Step()
    {
        var code = raw.sqlite3_step(_stmt);
        if (code == raw.SQLITE_ROW)
        {
            return true;
        }

        if (code != raw.SQLITE_DONE)
        {
            var failure = Failure(code);
            Reset();
            throw failure;
        }

        return false;
    }

    /// <summary>Runs a statement that gives no rows, and makes it ready for the next use.</summary>
    public void Run()
    {
        Step();
        Reset();
    }

    public void Reset() => _ = raw.sqlite3_reset(_stmt);

    public bool IsNull(int column) => raw.sqlite3_column_type(_stmt, column) == raw.SQLITE_NULL;

    public long Int64(int column) => raw.sqlite3_column_int64(_stmt, column);

    public int Int32(int column) => raw.sqlite3_column_int(_stmt, column);

    public long? NullableInt64(int column) => IsNull(column) ? null : Int64(column);

    public string? Text(int column) => IsNull(column) ? null : Encoding.UTF8.GetString(Utf8(column));

    /// <summary>Valid until the next step.</summary>
    public ReadOnlySpan<byte> Utf8(int column) => raw.sqlite3_column_blob(_stmt, column);

    public void Dispose() => _stmt.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw Failure(code);
        }
    }

    private SqliteException Failure(int code) =>
        new($"SQLite error {code}: {raw.sqlite3_errmsg(_db).utf8_to_string()}", code, raw.sqlite3_extended_errcode(_db));
}
