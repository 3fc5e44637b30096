using System.Security.Cryptography;
using Rotunda.Files;

namespace Rotunda.Providers.Delivery;

/// <summary>Puts a new file in the place of an old one in one step: written beside it, synced, renamed over it. Mode, owner,
/// access lists, labels and other attributes stay.</summary>
internal sealed class Replacement(string path, UnixFileMode modeIfNew, bool mayBeInPlace)
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
        var (isThere, attributes) = (File.Exists(path), ExtendedAttributes.Of(path));
        if (isThere)
        {
            RemoveInherited(temporary, attributes);
        }

        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(temporary, isThere ? File.GetUnixFileMode(path) : modeIfNew);
        }

        // Last: a new owner takes some of them away, and the mode is a part of an access list.
        KeepAttributes(temporary, attributes);
    }

    /// <summary>A folder with a default access list gives it to each new file, which would let others in.</summary>
    private void RemoveInherited(string temporary, IReadOnlyDictionary<string, byte[]> wanted)
    {
        foreach (var name in ExtendedAttributes.Of(temporary).Keys.Where(name => !wanted.ContainsKey(name)))
        {
            if (!ExtendedAttributes.TryRemove(temporary, name) && name == ExtendedAttributes.AccessList)
            {
                throw new DeliveryException(
                    $"Files that are new in {_folder} get an access list which {path} does not have, and it cannot be taken away. Run: "
                        + $"setfacl -k {_folder}");
            }
        }
    }

    private void KeepAttributes(string temporary, IReadOnlyDictionary<string, byte[]> wanted)
    {
        var there = ExtendedAttributes.Of(temporary);
        foreach (var (name, value) in wanted)
        {
            if (there.TryGetValue(name, out var same) && same.AsSpan().SequenceEqual(value))
            {
                continue;
            }

            if (name is "security.ima" or "security.evm" || !ExtendedAttributes.TrySet(temporary, name, value))
            {
                throw new DeliveryException(
                    $"{path} has {WhatIs(name)}, which a new file in its place cannot be given by this process. "
                        + $"{(mayBeInPlace ? "Set write: in-place, at its cost, run" : "Run")} Rotunda as a user that may set it, or take "
                        + $"it off the file (getfattr -m - {path} lists what there is).");
            }
        }
    }

    private static string WhatIs(string name) => name switch
    {
        ExtendedAttributes.AccessList => "an access control list",
        "security.selinux" => "a label of SELinux",
        "security.ima" or "security.evm" => $"a signature over its contents ({name})",
        _ => $"the attribute {name}",
    };

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
