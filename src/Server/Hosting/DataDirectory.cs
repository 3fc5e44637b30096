using Rotunda.Files;

namespace Rotunda.Server.Hosting;

/// <summary>The folder with everything a server keeps. One server at a time works on it.</summary>
internal sealed class DataDirectory : IDisposable
{
    private readonly FileStream? _lock;

    private DataDirectory(string path, FileStream? owned, IReadOnlyList<string>? remarks = null) =>
        (Path, _lock, Remarks) = (path, owned, remarks ?? []);

    /// <summary>What an operator should know about it.</summary>
    public IReadOnlyList<string> Remarks { get; }

    public string Path { get; }

    public string HubFile => In("hub.db");

    public string LedgerFile => In("ledger.db");

    public string TokenFile => In("tokens.json");

    public string SessionFile => In("sessions.json");

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

    /// <summary>Whether the file is there, for commands that work beside a server.</summary>
    /// <param name="orElse">What else a person can do who may not read it: the rest of a sentence.</param>
    /// <exception cref="StartupException">This user may not read it, or may not even look whether it is there.</exception>
    public static bool Holds(string file, string orElse = "")
    {
        try
        {
            if (FileFacts.Of(file).Kind == FileKind.Missing)
            {
                return false;
            }

            using var readable = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return true;
        }
        catch (UnauthorizedAccessException problem)
        {
            throw new StartupException(
                $"This user ({Environment.UserName}) may not read {file}. Run the command as the user that the server runs as{orElse}.",
                problem);
        }
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
            var remarks = LookAtMode(path);
            var owned = PrivateFile.Lock(System.IO.Path.Combine(path, "server.lock"))
                ?? throw new StartupException(
                    $"Another Rotunda server is working on the data directory {path}. Stop that one first, or give this one its own "
                        + "with --data.");
            return new DataDirectory(path, owned, remarks);
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

    /// <summary>
    /// Who may write to it can put tokens of their own there. An empty one is mended; one with files may hold such already.
    /// </summary>
    private static IReadOnlyList<string> LookAtMode(string path)
    {
        const UnixFileMode Writers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
        const UnixFileMode Readers =
            UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        if (OperatingSystem.IsWindows() || File.GetUnixFileMode(path) is var mode && (mode & (Writers | Readers)) == UnixFileMode.None)
        {
            return [];
        }

        if ((mode & Writers) == UnixFileMode.None)
        {
            return [$"Other users may look into the data directory {path}, though not into its files. Run: chmod 700 {path}"];
        }

        if (Directory.EnumerateFileSystemEntries(path).Any())
        {
            throw new StartupException(
                $"Other users may write to the data directory {path}, and could have put tokens or keys of their own there. See that "
                    + $"what is in it is yours, then run: chmod 700 {path}. Where the folder must stay open, give one below it with "
                    + "--data.");
        }

        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return [$"Other users could write to the empty data directory {path}; it is this user's alone now."];
    }

    private string In(string file) => System.IO.Path.Combine(Path, file);
}
