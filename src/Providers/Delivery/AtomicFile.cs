using System.Collections.Concurrent;
using System.Security.Cryptography;
using Rotunda.Files;

namespace Rotunda.Providers.Delivery;

/// <summary>
/// One file that readers see as it was or as it is to be, never a mixture: written beside the place, synced, renamed over it.
/// Keeps mode and owner, and follows symbolic links. Edits of one file by this process take turns.
/// </summary>
internal sealed class AtomicFile
{
    private static readonly ConcurrentDictionary<string, SemaphoreSlim> Turns = new(StringComparer.Ordinal);
    private readonly string _path;
    private readonly UnixFileMode _modeIfNew;

    /// <param name="modeIfNew">As digits, for example 0600.</param>
    /// <exception cref="DeliveryException">The path or the mode cannot be.</exception>
    public AtomicFile(string path, string modeIfNew)
    {
        _modeIfNew = ParseMode(modeIfNew);
        var full = Path.GetFullPath(path);
        try
        {
            _path = File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
        }
        catch (IOException)
        {
            _path = full;
        }

        if (Directory.Exists(_path))
        {
            throw new DeliveryException($"{_path} is a folder. Give the path of a file.");
        }
    }

    /// <summary>The place itself, links followed.</summary>
    public string Location => _path;

    /// <summary>Null if there is no file.</summary>
    /// <exception cref="DeliveryException">What stands there is no file.</exception>
    public async Task<byte[]?> ReadAsync(CancellationToken cancellationToken)
    {
        FilePlace.RequireFile(_path);
        try
        {
            return await File.ReadAllBytesAsync(_path, cancellationToken);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>
    /// Reads, lets <paramref name="change"/> say what is to stand there (null: no file), and puts it there.
    /// False if it stood there already.
    /// </summary>
    public async Task<bool> ChangeAsync(Func<byte[]?, byte[]?> change, CancellationToken cancellationToken)
    {
        var turn = Turns.GetOrAdd(_path, static _ => new SemaphoreSlim(1, 1));
        await turn.WaitAsync(cancellationToken);
        try
        {
            RemoveLeftovers();
            while (true)
            {
                var before = await ReadAsync(cancellationToken);
                var after = change(before);
                if (Same(before, after))
                {
                    return false;
                }

                if (await TryPutAsync(before, after, cancellationToken))
                {
                    return true;
                }
            }
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Throws if the file could not be replaced now: tries all of it but the last rename. Leaves everything as it is.</summary>
    /// <exception cref="DeliveryException">It could not; the message says what to do.</exception>
    public void Check()
    {
        var folder = Folder;
        if (!Directory.Exists(folder))
        {
            throw new DeliveryException($"The folder {folder} does not exist. Create it, or correct 'path'.");
        }

        FilePlace.RequireReplaceable(_path);
        FilePlace.Try(_path, TemporaryPath(), FileFacts.Of(_path).Length, probe =>
        {
            KeepOwner(probe);
            KeepMode(probe);
        });
    }

    private string Folder => Path.GetDirectoryName(_path)!;

    private string LeftoverPrefix => $".{Path.GetFileName(_path)}.rotunda-";

    private async Task<bool> TryPutAsync(byte[]? before, byte[]? after, CancellationToken cancellationToken)
    {
        if (after is null)
        {
            File.Delete(_path);
            UnixFiles.SyncFolder(Folder);
            return true;
        }

        if (!Directory.Exists(Folder))
        {
            throw new DeliveryException($"The folder {Folder} does not exist. Create it, or correct 'path'.");
        }

        var temporary = TemporaryPath();
        try
        {
            await using (var stream = Create(temporary))
            {
                await stream.WriteAsync(after, cancellationToken);
                stream.Flush(flushToDisk: true);
            }

            KeepOwner(temporary);
            KeepMode(temporary);

            // Someone else's edit since we read it would be lost: take it in first.
            if (!Same(before, await ReadAsync(cancellationToken)))
            {
                return false;
            }

            File.Move(temporary, _path, overwrite: true);
            UnixFiles.SyncFolder(Folder);
            return true;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private string TemporaryPath() =>
        Path.Combine(Folder, $"{LeftoverPrefix}{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}.tmp");

    /// <summary>The owner's alone from its creation on: there is no moment in which others could open it.</summary>
    private static FileStream Create(string path) => PrivateFile.Open(path, FileMode.CreateNew, FileOptions.Asynchronous);

    private void KeepOwner(string temporary)
    {
        if (File.Exists(_path)
            && UnixFiles.OwnerOf(_path) is { } owner
            && owner != UnixFiles.OwnerOf(temporary)
            && !UnixFiles.TrySetOwner(temporary, owner))
        {
            throw new DeliveryException(
                $"{_path} belongs to user {owner.User} and group {owner.Group}, which this process cannot give files to, so replacing it "
                    + "could lock its readers out. Run Rotunda as that user, or change the file's owner.");
        }
    }

    private void KeepMode(string temporary)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(temporary, File.Exists(_path) ? File.GetUnixFileMode(_path) : _modeIfNew);
        }
    }

    private void RemoveLeftovers()
    {
        if (!Directory.Exists(Folder))
        {
            return;
        }

        foreach (var leftover in Directory.EnumerateFiles(
            Folder,
            LeftoverPrefix + "*.tmp",
            new EnumerationOptions { AttributesToSkip = FileAttributes.None, MatchType = MatchType.Simple }))
        {
            if (Path.GetFileName(leftover).StartsWith(LeftoverPrefix, StringComparison.Ordinal))
            {
                File.Delete(leftover);
            }
        }
    }

    private static UnixFileMode ParseMode(string mode)
    {
        var digits = mode.TrimStart('0');
        if (mode.Length is < 3 or > 4 || digits.Length != 3 || digits.AsSpan().ContainsAnyExceptInRange('0', '7'))
        {
            throw new DeliveryException("'mode' is three octal digits such as 0600 or 0640.");
        }

        return (UnixFileMode)Convert.ToInt32(digits, 8);
    }

    private static bool Same(byte[]? one, byte[]? other) =>
        one is null || other is null ? one is null && other is null : one.AsSpan().SequenceEqual(other);
}
