using Microsoft.Data.Sqlite;
using Rotunda.Engine.Storage;
using Rotunda.Files;

namespace Rotunda.Engine;

/// <summary>
/// Copies an SQLite file while another process (or this one) writes to it. The copy is the file as of one commit, complete
/// in itself (no log beside it), checked, and on disk under its name only when all of that is true. Made for the task hub;
/// a ledger or a store in SQLite is copied the same way.
/// </summary>
public static class HubBackup
{
    /// <param name="source">Never written to; its writers are not held up.</param>
    /// <param name="target">Must not exist; its folder must.</param>
    /// <exception cref="TaskHubException">The source is missing or corrupt, or the copy cannot be written. Nothing is left at the
    /// target.</exception>
    public static Task CopyAsync(string source, string target, CancellationToken cancellationToken = default) =>
        Task.Run(() => Copy(source, target), cancellationToken);

    private static void Copy(string source, string target)
    {
        if (!File.Exists(source))
        {
            throw new TaskHubException($"There is no file '{source}' to back up. Give the server's data directory.");
        }

        if (File.Exists(target))
        {
            throw new TaskHubException($"'{target}' is there already. A backup never overwrites; give another place.");
        }

        var partial = target + ".partial";
        try
        {
            // Empty: SQLite fills it, and would else make one by the process's mask.
            PrivateFile.Open(partial, FileMode.Create).Dispose();
            HubFile.Copy(source, partial);
            if (HubFile.Problems(partial) is { Count: > 0 } problems)
            {
                throw new TaskHubException(
                    $"The copy of '{source}' is not sound: {string.Join("; ", problems)}. Take it again; if it stays so, check the disk.");
            }

            Flush(partial);
            File.Move(partial, target);
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new TaskHubException(
                $"'{source}' could not be copied to '{target}': {exception.Message} Check the room and the rights "
                    + "there, and take it again.",
                exception);
        }
        finally
        {
            if (File.Exists(partial))
            {
                File.Delete(partial);
            }
        }
    }

    private static void Flush(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        file.Flush(flushToDisk: true);
    }
}
