using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace Rotunda.Files;

/// <summary>
/// Keeps the commands of a SQLite connection for the next time: to compile the text of a statement takes longer than to run most of them.
/// Other databases keep their own. Like the connection, it is for one at a time.
/// </summary>
public static class KeptCommands
{
    /// <summary>For each connection. There are about as many texts as the ledger has statements.</summary>
    private const int Most = 256;

    private static readonly ConditionalWeakTable<DbConnection, Dictionary<string, DbCommand>> s_kept = [];

    /// <summary>One that nobody else uses. Give it back by <see cref="Keep"/> when it has run; where it failed, dispose of it.</summary>
    /// <param name="sql">A constant text: values come as parameters.</param>
    public static DbCommand Take(DbConnection connection, string sql)
    {
        if (connection is SqliteConnection && s_kept.TryGetValue(connection, out var kept) && kept.Remove(sql, out var command))
        {
            return command;
        }

        command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are constants.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }

    /// <summary>Without its values, which nobody needs any more. One that had bytes is not kept: the database has a copy of the last ones,
    /// and they may be of a stored value.</summary>
    public static void Keep(DbCommand command)
    {
        var hadBytes = command.Parameters.Cast<DbParameter>().Any(parameter => parameter.Value is byte[]);
        command.Parameters.Clear();
        var kept = !hadBytes && command.Connection is SqliteConnection connection ? s_kept.GetOrCreateValue(connection) : null;
        if (kept is null || kept.Count >= Most || !kept.TryAdd(command.CommandText, command))
        {
            command.Dispose();
        }
    }
}
