using System.Security.Cryptography;
using Rotunda.Files;

namespace Rotunda.Providers.Delivery;

/// <summary>Puts a new file in the place of an old one in one step: written beside it, synced, renamed over it. Mode and owner
/// stay.</summary>
internal sealed class Replacement(string path, UnixFileMode modeIfNew)
{
    private readonly string _folder = Path.GetDirectoryName(path)!;
    private readonly string _prefix = $".{Path.GetFileName(path)}.rotunda-";

    /// <summary>Where to write beside the file.</summary>
    public string Beside() => Path.Combine(_folder, $"{_prefix}{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}.tmp");

    /// <param name="isUnchanged">Asked last: false if somebody has edited the file since it was read, which would be lost.</param>
    public async Task<bool> TryPutAsync(byte[] content, Func<Task<bool>> isUnchanged, CancellationToken cancellationToken)
    {
        var temporary = Beside();
        try
        {
            // The owner's alone from its creation on: there is no moment in which others could open it.
            await using (var stream = PrivateFile.Open(temporary, FileMode.CreateNew, FileOptions.Asynchronous))
            {
                await stream.WriteAsync(content, cancellationToken);
                stream.Flush(flushToDisk: true);
            }

            Settle(temporary);
            if (!await isUnchanged())
            {
                return false;
            }

            File.Move(temporary, path, overwrite: true);
            UnixFiles.SyncFolder(_folder);
            return true;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Gives the new file what the old one has beside its content.</summary>
    /// <exception cref="DeliveryException">It cannot be given.</exception>
    public void Settle(string temporary)
    {
        KeepOwner(temporary);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(temporary, File.Exists(path) ? File.GetUnixFileMode(path) : modeIfNew);
        }
    }

    /// <summary>Clears away what crashed attempts left behind.</summary>
    public void RemoveLeftovers()
    {
        if (!Directory.Exists(_folder))
        {
            return;
        }

        foreach (var leftover in Directory.EnumerateFiles(
            _folder,
            _prefix + "*.tmp",
            new EnumerationOptions { AttributesToSkip = FileAttributes.None, MatchType = MatchType.Simple }))
        {
            if (Path.GetFileName(leftover).StartsWith(_prefix, StringComparison.Ordinal))
            {
                File.Delete(leftover);
            }
        }
    }

    private void KeepOwner(string temporary)
    {
        if (File.Exists(path)
            && UnixFiles.OwnerOf(path) is { } owner
            && owner != UnixFiles.OwnerOf(temporary)
            && !UnixFiles.TrySetOwner(temporary, owner))
        {
            throw new DeliveryException(
                $"{path} belongs to user {owner.User} and group {owner.Group}, which this process cannot give files to, so replacing it "
                    + "could lock its readers out. Run Rotunda as that user, or change the file's owner.");
        }
    }
}
