using System.ComponentModel;
using System.Diagnostics;
using Npgsql;
using Rotunda.Files;
using Rotunda.Postgres;
using Rotunda.Providers.Processes;
using Rotunda.Reencryption.Tables;

namespace Rotunda.Reencryption;

/// <summary>Has pg_dump write the tables to a file that only its owner may read. What it holds is sealed, as the rows are.</summary>
internal static class RowsDump
{
    /// <summary>What Npgsql reads from the environment too, so that both make the same connection.</summary>
    private static readonly string[] Inherited = ["PGPASSFILE", "PGSSLCERT", "PGSSLKEY", "PGSSLROOTCERT", "PGGSSENCMODE", "KRB5CCNAME"];

    private const string PartitionsSql = """
        SELECT s.nspname::text, c.relname::text FROM pg_partition_tree($1::regclass) AS p JOIN pg_class c ON c.oid = p.relid JOIN
            pg_namespace s ON s.oid = c.relnamespace
        WHERE p.level > 0 ORDER BY p.level, 1, 2
        """;

    /// <summary>Writes the dump, unless it is there. Returns its path; null if none is wanted.</summary>
    /// <exception cref="RowsStoppedException">pg_dump is not there, or failed.</exception>
    public static async Task<string?> WriteAsync(RowsSetup setup, string rotation, CancellationToken cancellationToken)
    {
        if (setup.DumpTo is not { } folder)
        {
            return null;
        }

        var path = Path.Combine(folder, $"{rotation}.dump");
        if (File.Exists(path))
        {
            return path;
        }

        try
        {
            Directory.CreateDirectory(folder);
            File.Delete(path + ".partial");
            PrivateFile.Ensure(path + ".partial");
            var command = Command(setup, await TablesAsync(setup, cancellationToken), path + ".partial");
            await RunAsync(command, setup.Connection.Password, cancellationToken);
            File.Move(path + ".partial", path);
            return path;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new RowsStoppedException(
                $"The dump cannot be written to {folder} ({failed.GetType().Name}). Check 'dumpTo' and its free space.");
        }
    }

    /// <summary>How pg_dump is started: with nothing of this process's environment but what it needs, and without the password.</summary>
    public static ProcessStartInfo Command(RowsSetup setup, IEnumerable<string> tables, string file)
    {
        var connection = setup.Connection;
        var info = new ProcessStartInfo(
            "pg_dump",
            ["--format=custom", "--no-password", $"--file={file}", .. tables.Select(table => $"--table={table}")])
        {
            RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false,
        };
        ChildEnvironment.Limit(info, Inherited);
        Set(info, "PGHOST", connection.Host);
        Set(info, "PGPORT", $"{connection.Port}");
        Set(info, "PGDATABASE", connection.Database);
        Set(info, "PGUSER", connection.Username);
        Set(info, "PGSSLROOTCERT", connection.RootCertificate);
        Set(info, "PGSSLCERT", connection.SslCertificate);
        Set(info, "PGSSLKEY", connection.SslKey);
        Set(
            info,
            "PGSSLMODE",
            connection.SslMode switch { SslMode.VerifyCA =>
                "verify-ca", SslMode.VerifyFull => "verify-full", var mode => mode.ToString().ToLowerInvariant() });
        return info;
    }

    /// <summary>pg_dump takes a partitioned table without the rows of its partitions, unless they are named too.</summary>
    private static async Task<List<string>> TablesAsync(RowsSetup setup, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(setup.Connection.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        var tables = new List<string>();
        foreach (var table in setup.Tables)
        {
            tables.Add(table.Sql);
            await using var command = new NpgsqlCommand(PartitionsSql, connection);
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = table.Sql });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                tables.Add($"{SqlText.Identifier(reader.GetString(0))}.{SqlText.Identifier(reader.GetString(1))}");
            }
        }

        return tables;
    }

    private static async Task RunAsync(ProcessStartInfo info, string? password, CancellationToken cancellationToken)
    {
        using var folder = ChildFolder.Make();
        using var passwords = PasswordFile.Of(password, folder);
        info.Environment["TMPDIR"] = folder.Path;
        Process process;
        try
        {
            process = passwords.Start(info)!;
        }
        catch (Win32Exception)
        {
            throw new RowsStoppedException(
                "pg_dump is not on this machine's PATH. Install PostgreSQL's client programs, or remove 'dumpTo'.");
        }

        using (process)
        {
            await WaitAsync(process, cancellationToken);
            if (process.ExitCode != 0)
            {
                throw new RowsStoppedException(
                    $"pg_dump ended with code {process.ExitCode}. Run it by hand with the same role to see why; it must not be older "
                        + "than the server.");
            }
        }
    }

    private static async Task WaitAsync(Process process, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(
                process.StandardError.BaseStream.CopyToAsync(Stream.Null, cancellationToken),
                process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, cancellationToken),
                process.WaitForExitAsync(cancellationToken));
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static void Set(ProcessStartInfo info, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            info.Environment[name] = value;
        }
    }
}
