using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Testing.RealServers;

namespace Rotunda.Server.Tests;

/// <summary>A data directory on a real file system that is full. Needs the right to mount one (root); says so where it has not.</summary>
public sealed class FullDiskTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_full_disk_is_told_loses_nothing_and_the_rotation_goes_through_once_there_is_room()
    {
        using var folder = new ServerFolder();
        Directory.CreateDirectory(folder.Data);
        if (await RunAsync("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder.Data) is { } why)
        {
            Assert.Skip("No file system of a fixed size can be mounted here: " + why);
        }

        try
        {
            await FillAndFreeAsync(folder);
        }
        finally
        {
            await RunAsync("umount", folder.Data);
        }
    }

    private async Task FillAndFreeAsync(ServerFolder folder)
    {
        await using var server = await ServerProcess.StartAsync(folder.Settings);
        using var client = server.Client();
        Assert.Equal(HttpStatusCode.Accepted, await StartAsync(client));
        await server.UntilAsync(() => IsAsync(client, "a-key-1", "succeeded"), "the first rotation succeeds");
        var before = await File.ReadAllTextAsync(folder.In("app.env"));

        var ballast = Path.Combine(folder.Data, "ballast");
        Fill(ballast);
        var answer = await StartAsync(client);
        Assert.True(answer is HttpStatusCode.ServiceUnavailable or HttpStatusCode.Accepted, $"A start is answered with {answer}.");
        await server.UntilAsync(
            async () => (await client.GetAsync("/readyz")).StatusCode == HttpStatusCode.ServiceUnavailable,
            "readyz tells that something is wrong");
        output.WriteLine($"With a full disk, a start is answered with {(int)answer}.");
        await server.KillAsync();

        Assert.Contains("full", server.Output, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(before, await File.ReadAllTextAsync(folder.In("app.env")));

        File.Delete(ballast);
        await server.RestartAsync();
        using var again = server.Client();
        if (answer != HttpStatusCode.Accepted)
        {
            Assert.Equal(HttpStatusCode.Accepted, await StartAsync(again));
        }

        await server.UntilAsync(() => IsAsync(again, "a-key-2", "succeeded"), "the second rotation succeeds");
        var verify = await ServerProcess.RunAsync(["audit", "verify", "--data", folder.Data]);
        Assert.Equal(0, verify.ExitCode);
    }

    private static void Fill(string path)
    {
        using var file = File.Create(path, bufferSize: 0);
        var block = new byte[4096];
        try
        {
            while (true)
            {
                file.Write(block);
            }
        }
        catch (IOException)
        {
            // Full: that is what was wanted.
        }
    }

    private static async Task<HttpStatusCode> StartAsync(HttpClient client)
    {
        using var body = new StringContent("""{"secret":"a-key","reason":"test"}""", Encoding.UTF8, "application/json");
        using var response = await client.PostAsync("/api/rotations", body);
        return response.StatusCode;
    }

    private static async Task<bool> IsAsync(HttpClient client, string id, string state)
    {
        using var response = await client.GetAsync("/api/rotations/" + id);
        return response.IsSuccessStatusCode
            && (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["rotation"]!["state"] == state;
    }

    /// <returns>Null if it worked, else what it said.</returns>
    private static async Task<string?> RunAsync(string program, params string[] arguments)
    {
        try
        {
            using var process =
                Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
            var error = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return process.ExitCode == 0 ? null : error.Trim();
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return missing.Message;
        }
    }
}
