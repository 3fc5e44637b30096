using System.Diagnostics;
using Rotunda.Files;

namespace Rotunda.Engine.Tests;

/// <summary>The native SQLite is the one of the package, whatever the machine has installed.</summary>
public sealed class SqliteLibraryTests
{
    /// <summary>3.51.3 is the first without the lost pages when a checkpoint meets a log that starts anew.</summary>
    private static readonly Version FirstWithSoundLogs = new(3, 51, 3);

    [Fact]
    public void One_native_library_is_loaded_and_it_lies_beside_the_program()
    {
        using var connection = SqliteFile.Open(":memory:");
        using var process = Process.GetCurrentProcess();

        var loaded = process.Modules.Cast<ProcessModule>()
            .Select(module => module.FileName)
            .Where(file => Path.GetFileName(file).Contains("sqlite3", StringComparison.Ordinal)
                && !file.EndsWith(".provider.e_sqlite3.dll", StringComparison.Ordinal))
            .Distinct(StringComparer.Ordinal);

        Assert.StartsWith(AppContext.BaseDirectory, Assert.Single(loaded), StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_new_enough_for_its_log_to_be_sound()
    {
        using var connection = SqliteFile.Open(":memory:");

        Assert.True(Version.Parse(connection.ServerVersion) >= FirstWithSoundLogs, connection.ServerVersion);
    }
}
