using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Rotunda.Files;
using Rotunda.Providers.Processes;

namespace Rotunda.Reencryption;

/// <summary>
/// A password for one program of PostgreSQL's. It is in no environment, where others could read it, but in a file of PGPASSFILE's
/// form: in memory on Linux, elsewhere in the program's own temporary folder.
/// </summary>
internal sealed class PasswordFile : IDisposable
{
    private readonly MemoryFile? _memory;
    private readonly string? _path;

    private PasswordFile(MemoryFile? memory, string? path) => (_memory, _path) = (memory, path);

    /// <param name="password">Null for a connection that has none, or that takes it from PGPASSFILE.</param>
    public static PasswordFile Of(string? password, ChildFolder folder)
    {
        if (string.IsNullOrEmpty(password))
        {
            return new PasswordFile(null, null);
        }

        var line = Encoding.UTF8.GetBytes($"*:*:*:*:{Escaped(password)}\n");
        try
        {
            if (MemoryFile.TryMake(line) is { } memory)
            {
                return new PasswordFile(memory, memory.Path);
            }

            var path = Path.Combine(folder.Path, "pgpass");
            PrivateFile.Replace(path, line);
            return new PasswordFile(null, path);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(line);
        }
    }

    public Process? Start(ProcessStartInfo info)
    {
        if (_path is not null)
        {
            info.Environment["PGPASSFILE"] = _path;
        }

        return _memory is null ? ChildProcess.Start(info) : _memory.Start(info);
    }

    public void Dispose() => _memory?.Dispose();

    private static string Escaped(string password) =>
        password.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal);
}
