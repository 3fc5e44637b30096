using Rotunda.Files;
using Rotunda.Testing.RealServers;

namespace Rotunda.Server.Tests;

/// <summary>A server that cannot start says what, where and what to do, ends with 2, and shows no stack trace.</summary>
public sealed class BadStartTests
{
    [Fact]
    public async Task All_problems_of_a_broken_catalog_are_told_with_their_lines()
    {
        using var folder = new ServerFolder();
        await File.WriteAllTextAsync(folder.Catalog, """
            version: 1
            secrets:
              a-key:
                provider: { type: generatd }
                graze: 2h
            """);

        var output = await FailsAsync(folder.Settings);

        Assert.Contains("catalog.yaml:4:", output, StringComparison.Ordinal);
        Assert.Contains("catalog.yaml:5:", output, StringComparison.Ordinal);
        Assert.Contains("graze", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.Data), "a broken catalog must not touch the data directory");
    }

    [Fact]
    public async Task A_missing_catalog_is_told_with_the_option_that_gives_one()
    {
        using var folder = new ServerFolder();

        var output = await FailsAsync(folder.Settings with { Catalog = folder.In("no-such.yaml") });

        Assert.Contains("no-such.yaml", output, StringComparison.Ordinal);
        Assert.Contains("--catalog", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_for_a_catalog_is_told_as_one()
    {
        using var folder = new ServerFolder();

        var output = await FailsAsync(folder.Settings with { Catalog = folder.Path });

        Assert.Contains(
            $"The catalog {folder.Path} cannot be read: it is a folder. Name the file in it. ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_server_on_the_same_data_is_refused_and_the_first_goes_on()
    {
        using var folder = new ServerFolder();
        await using var first = await ServerProcess.StartAsync(folder.Settings);

        var output = await FailsAsync(folder.Settings);

        Assert.Contains("Another Rotunda server", output, StringComparison.Ordinal);
        Assert.Contains(folder.Data, output, StringComparison.Ordinal);
        using var client = first.Client();
        Assert.True((await client.GetAsync("/api/secrets")).IsSuccessStatusCode);
    }

    [Fact]
    public async Task The_data_of_a_killed_server_is_free_again()
    {
        using var folder = new ServerFolder();
        await using var server = await ServerProcess.StartAsync(folder.Settings);
        await server.KillAsync();

        await server.RestartAsync();

        using var client = server.Client();
        Assert.True((await client.GetAsync("/api/secrets")).IsSuccessStatusCode);
        Assert.Equal(0, await server.StopAsync());
    }

    [Fact]
    public async Task The_wrong_master_key_is_told()
    {
        using var folder = new ServerFolder();
        using var other = new ServerFolder();
        await RunOnceAsync(folder);
        await RunOnceAsync(other);
        File.Copy(Path.Combine(other.Data, "master.key"), Path.Combine(folder.Data, "master.key"), overwrite: true);

        var output = await FailsAsync(folder.Settings);

        Assert.Contains("key", output, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(await File.ReadAllTextAsync(Path.Combine(other.Data, "master.key")), output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hub.db")]
    [InlineData("ledger.db")]
    [InlineData("secrets.db")]
    public async Task A_file_of_a_newer_version_is_not_touched(string file)
    {
        using var folder = new ServerFolder();
        await RunOnceAsync(folder);
        using (var connection = SqliteFile.Open(Path.Combine(folder.Data, file)))
        {
            connection.Run("PRAGMA user_version=999;");
        }

        var output = await FailsAsync(folder.Settings);

        Assert.Contains(file, output, StringComparison.Ordinal);
        Assert.Contains("newer", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_is_told_with_the_option_that_gives_another()
    {
        using var folder = new ServerFolder();
        using var other = new ServerFolder();
        await using var first = await ServerProcess.StartAsync(folder.Settings);

        var (code, _, error) = await ServerProcess.RunAsync(
        [
            "serve", "--data", other.Data, "--catalog", other.Catalog, "--urls", first.Url,
        ]);

        Assert.Equal(2, code);
        Assert.Contains("--urls", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_directory_that_cannot_be_made_is_told()
    {
        using var folder = new ServerFolder();
        await File.WriteAllTextAsync(folder.In("file"), "");

        var output = await FailsAsync(folder.Settings with { Data = folder.In("file/data") });

        Assert.Contains("file/data", output, StringComparison.Ordinal);
        Assert.Contains("--data", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("serve", "--sweep", "often")]
    [InlineData("rotate", "x", "--emergency")]
    [InlineData("rotate", "x", "--incident", "INC-1")]
    [InlineData("rotate", "x", "--revoke-first")]
    [InlineData("approve", "x-1")]
    [InlineData("extend-grace", "x-1", "--reason", "y")]
    [InlineData("token", "create", "x", "--role", "king")]
    [InlineData("stat")]
    [InlineData("show")]
    [InlineData("status", "--url", "nonsense")]
    [InlineData("status", "--url", "http://127.0.0.1:9")]
    [InlineData("token", "list", "--data", "/no/such/folder")]
    [InlineData("audit", "verify", "--data", "/no/such/folder")]
    public async Task A_wrong_command_line_ends_with_2_and_a_message(params string[] arguments)
    {
        var (code, _, error) = await ServerProcess.RunAsync(arguments);

        Assert.Equal(2, code);
        Assert.NotEmpty(error.Trim());
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    private static async Task RunOnceAsync(ServerFolder folder)
    {
        await using var server = await ServerProcess.StartAsync(folder.Settings);
        Assert.Equal(0, await server.StopAsync());
    }

    private static async Task<string> FailsAsync(ServerSettings settings)
    {
        await using var server = ServerProcess.Launch(settings);
        Assert.Equal(2, await server.WaitForExitAsync());
        Assert.DoesNotContain("   at ", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", server.Output, StringComparison.Ordinal);
        return server.Output;
    }
}
