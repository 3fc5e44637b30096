using Rotunda.Files;

namespace Rotunda.Server.Hosting;

/// <summary>The folder with everything a server keeps. One server at a time works on it.</summary>
internal sealed class DataDirectory : IDisposable
{
    private readonly FileStream? _lock;

    private DataDirectory(string path, FileStream? owned) => (Path, _lock) = (path, owned);

    public string Path { get; }

    public string HubFile => In("hub.db");

    public string LedgerFile => In("ledger.db");

    public string TokenFile => In("tokens.json");

    /// <summary>The command line's own token, for use on this machine.</summary>
    public string CliTokenFile => In("cli-token");

    /// <summary>Tells this directory's server from every other, where several could use the same ledger. Made when first asked
    /// for.</summary>
    public string HeadId()
    {
        var file = In("head-id");
        if (!File.Exists(file))
        {
            PrivateFile.Replace(file, System.Text.Encoding.UTF8.GetBytes(Guid.NewGuid().ToString("N")));
        }

        return File.ReadAllText(file).Trim();
    }

    /// <summary>For commands that work beside a server.</summary>
    public static DataDirectory Look(string path) => new(System.IO.Path.GetFullPath(path), null);

    /// <summary>Makes the folder if need be and takes it for this process.</summary>
    /// <exception cref="StartupException">It cannot be made or written, or another server has it.</exception>
    public static DataDirectory Take(string given)
    {
        var path = System.IO.Path.GetFullPath(given);
        try
        {
            PrivateFile.MakeFolder(path);
            var owned = PrivateFile.Lock(System.IO.Path.Combine(path, "server.lock"))
                ?? throw new StartupException(
                    $"Another Rotunda server is working on the data directory {path}. Stop that one first, or give this one its own "
                        + "with --data.");
            return new DataDirectory(path, owned);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(
                $"The data directory {path} cannot be used: {problem.Message} Make it writable for this user, or give another one "
                    + "with --data.",
                problem);
        }
    }

    public void Dispose() => _lock?.Dispose();

    private string In(string file) => System.IO.Path.Combine(Path, file);
}
