using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Rotunda.Files;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Delivery;

/// <summary>
/// One file that values are delivered to: replaced, so that readers see it as it was or as it is to be, never a mixture; or written
/// in place, where the catalog says so. Follows symbolic links. Edits of one file by this process take turns.
/// </summary>
internal sealed class TargetFile
{
    private static readonly ConcurrentDictionary<string, SemaphoreSlim> Turns = new(StringComparer.Ordinal);
    private readonly string _path;
    private readonly FileWriting _writing;
    private readonly Replacement _replacement;
    private readonly InPlaceWrite _inPlace;
    private readonly HalfWritten _half;

    /// <param name="modeIfNew">As digits, for example 0600.</param>
    /// <exception cref="DeliveryException">The path or the mode cannot be.</exception>
    public TargetFile(string path, string modeIfNew, FileWriting? writing = null, FileWrites? writes = null)
    {
        var mode = ParseMode(modeIfNew);
        var full = Path.GetFullPath(path);
        try
        {
            _path = File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
        }
        catch (IOException)
        {
            _path = new FileInfo(full).LinkTarget is null ? full : throw new DeliveryException(
                $"{full} is a symbolic link that leads in a circle. Let it lead to a file, or correct the path.");
        }

        if (Directory.Exists(_path))
        {
            throw new DeliveryException($"{_path} is a folder. Give the path of a file.");
        }

        _writing = writing ?? FileWriting.Replacing;
        _replacement = new(_path, mode, _writing.IsChoice);
        _inPlace = new(_path, _writing.OwnsAll, writes ?? FileWrites.Real);
        _half = new(_path, writes ?? FileWrites.Real);
    }

    /// <summary>The place itself, links followed.</summary>
    public string Location => _path;

    /// <summary>What readers see. Null if there is no file.</summary>
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

    /// <summary>What a change starts from: as <see cref="ReadAsync"/>, but a half that a crash left counts as not written.</summary>
    /// <exception cref="DeliveryException">What stands there is no file.</exception>
    public async Task<byte[]?> ReadWholeAsync(CancellationToken cancellationToken) =>
        await ReadAsync(cancellationToken) is { } standing ? _half.Undone(standing) ?? standing : null;

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
            _replacement.RemoveLeftovers();
            if (await ReadAsync(cancellationToken) is { } standing && _half.Undone(standing) is { } whole)
            {
                _inPlace.Level(whole);
            }

            while (true)
            {
                var before = await ReadAsync(cancellationToken);
                var after = change(before);
                if (Same(before, after))
                {
                    _half.Remove();
                    return false;
                }

                if (await TryPutAsync(before, after, cancellationToken))
                {
                    _half.Remove();
                    return true;
                }
            }
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Throws if the file could not be written now: tries all of it but the last move. Leaves everything as it is.</summary>
    /// <returns>What the check has to tell.</returns>
    /// <exception cref="DeliveryException">It could not; the message says what to do.</exception>
    public (string Name, string? Value)[] Check()
    {
        var folder = Folder;
        if (!Directory.Exists(folder))
        {
            throw new DeliveryException($"The folder {folder} does not exist. Create it, or correct 'path'.");
        }

        var facts = FilePlace.RequireFile(_path);
        if (!_writing.InPlace || facts.Kind != FileKind.File)
        {
            FilePlace.RequireReplaceable(_path, _writing.IsChoice);
            FilePlace.Try(_path, _replacement.Beside(), facts.Length + FilePlace.Spare, _replacement.Settle);
            return Told(facts);
        }

        _inPlace.Check(facts, FilePlace.Spare);
        if (!_writing.OwnsAll)
        {
            FilePlace.Try(_path, _replacement.Beside(), 2 * (facts.Length + FilePlace.Spare), _ => { });
        }

        return Told(facts);
    }

    private (string, string?)[] Told(FileFacts facts) =>
    [
        ("file", _path),
        ("hardLinks", facts.Links < 2 ? null
            : _writing.InPlace ? $"{facts.Links} names: each of them gets the value"
            : $"{facts.Links} names: only this one gets the value, the others keep what stands there now"
                + (_writing.IsChoice ? " (write: in-place gives it to all)" : "")),
    ];

    private string Folder => Path.GetDirectoryName(_path)!;

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

        return _writing.InPlace && before is not null
            ? _inPlace.TryPut(before, after)
            : await _replacement.TryPutAsync(
                after, async () => Same(before, await ReadAsync(cancellationToken)), cancellationToken);
    }

    /// <summary>What can never work in a setting that is the mode of a new file; for <see cref="ProviderDescriptor.Check"/>.</summary>
    public static IEnumerable<SettingProblem> CheckMode(JsonObject settings, string name) =>
        settings[name] is JsonValue value && (string?)value is { } mode && !IsMode(mode)
            ? [new SettingProblem(name, null, "is no file mode. Write three octal digits such as 0600 or 0640.")]
            : [];

    private static UnixFileMode ParseMode(string mode) => IsMode(mode)
        ? (UnixFileMode)Convert.ToInt32(mode, 8)
        : throw new DeliveryException("'mode' is no file mode. Write three octal digits such as 0600 or 0640.");

    private static bool IsMode(string mode) =>
        mode.Length is 3 or 4
        && mode.TrimStart('0') is { Length: 3 } digits
        && !digits.AsSpan().ContainsAnyExceptInRange('0', '7');

    private static bool Same(byte[]? one, byte[]? other) =>
        one is null || other is null ? one is null && other is null : one.AsSpan().SequenceEqual(other);
}
