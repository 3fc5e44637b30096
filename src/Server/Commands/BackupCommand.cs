using System.CommandLine;
using System.Security.Cryptography;
using Rotunda.Files;
using Rotunda.Engine;
using Rotunda.Engine.Storage;
using Rotunda.Server.Hosting;

namespace Rotunda.Server.Commands;

/// <summary>
/// Copies the data directory's databases, beside a running server or without one. The order is the point: what refers is
/// copied before what it refers to (hub, then ledger, then store), so that every credential and value an earlier copy
/// mentions is in the later ones. See docs/backup.md.
/// </summary>
internal static class BackupCommand
{
    private static readonly string[] Databases = ["hub.db", "ledger.db", "secrets.db"];
    private static readonly string[] KeyFiles = ["master.key", "master.key.next"];

    public static Command Create(Terminal terminal)
    {
        var target = new Argument<string>("DIR") { Description = "The backup's folder. Made if it is missing; must be empty." };
        var withKey = new Option<bool>("--with-key") { Description = "Copy the master key too. Whoever has both has every value." };
        var command = new Command("backup", "Copy the data directory's databases while the server runs.") { target, withKey };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var data = DataDirectory.Look(parsed.GetValue(CommonOptions.Data)!);
            _ = DataDirectory.Holds(data.HubFile);
            var to = Make(parsed.GetValue(target)!);
            var keys = parsed.GetValue(withKey) ? ReadKeys(data) : null;
            var elsewhere = await CommonOptions.LedgerAsync(parsed, cancellationToken) is not null;
            foreach (var database in Databases)
            {
                if (elsewhere && database == "ledger.db")
                {
                    await terminal.Plain.WriteLineAsync("ledger: on PostgreSQL; back it up there, after this hub");
                    continue;
                }

                await terminal.Plain.WriteLineAsync(
                    await CopyAsync(data, to, database, cancellationToken)
                        ? $"{database}: copied, checked"
                        : $"{database}: not in {data.Path}");
            }

            await terminal.Plain.WriteLineAsync(keys is null
                ? "master key: not included; the values cannot be read without it (--with-key, or keep it elsewhere)"
                : CopyKeys(data, to, keys));
            return ExitCodes.Ok;
        });
        return command;
    }

    private static string Make(string given)
    {
        var path = Path.GetFullPath(given);
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
        {
            throw new CommandException(
                ExitCodes.CannotWork,
                $"{path} is not empty. A backup never overwrites; give an empty or a new folder.");
        }

        try
        {
            PrivateFile.MakeFolder(path);
            return path;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(
                ExitCodes.CannotWork, $"The folder {path} cannot be made: {problem.Message} Give one where this user may write.");
        }
    }

    private static async Task<bool> CopyAsync(DataDirectory data, string to, string database, CancellationToken cancellationToken)
    {
        var source = Path.Combine(data.Path, database);
        if (!DataDirectory.Holds(source))
        {
            // A store that is elsewhere has no secrets.db; without hub and ledger it is no data directory.
            return database == "secrets.db"
                ? false
                : throw new CommandException(
                    ExitCodes.CannotWork,
                    $"There is no {database} in {data.Path}. Give the server's data directory with --data.");
        }

        try
        {
            await HubBackup.CopyAsync(source, Path.Combine(to, database), cancellationToken);
            return true;
        }
        catch (TaskHubException problem)
        {
            throw new CommandException(ExitCodes.CannotWork, problem.Message);
        }
    }

    private static Dictionary<string, byte[]> ReadKeys(DataDirectory data)
    {
        var keys = KeyFiles.Where(name => DataDirectory.Holds(Path.Combine(data.Path, name)))
            .ToDictionary(name => name, name => File.ReadAllBytes(Path.Combine(data.Path, name)));
        return keys.Count > 0
            ? keys
            : throw new CommandException(
                ExitCodes.CannotWork,
                $"There is no master.key in {data.Path}: the key is in the server's environment. Back it up from there, and leave "
                    + "--with-key out.");
    }

    /// <summary>Read before the values were copied, and still the same: so it is the key that they are under.</summary>
    private static string CopyKeys(DataDirectory data, string to, Dictionary<string, byte[]> keys)
    {
        var now = ReadKeys(data);
        if (now.Count != keys.Count
            || keys.Any(key => !now.TryGetValue(key.Key, out var same) || !CryptographicOperations.FixedTimeEquals(key.Value, same)))
        {
            throw new CommandException(
                ExitCodes.CannotWork,
                $"The master key was changed meanwhile. Delete {to} and take the backup again.");
        }

        foreach (var (name, content) in keys)
        {
            WritePrivate(Path.Combine(to, name), content);
        }

        return $"master key: INCLUDED ({string.Join(", ", keys.Keys)}); whoever has this folder has every value";
    }

    private static void WritePrivate(string path, byte[] content)
    {
        using var file = PrivateFile.Create(path);
        file.Write(content);
        file.Flush(flushToDisk: true);
    }
}
