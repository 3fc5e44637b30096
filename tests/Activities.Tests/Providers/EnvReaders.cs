using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rotunda.Testing.RealServers;

namespace Rotunda.Activities.Tests.Providers;

/// <summary>The real programs that read env files, as far as they are on the machine.</summary>
internal static class EnvReaders
{
    private const string Systemd = """
        import ctypes, glob, sys
        found = glob.glob('/lib/*/systemd/libsystemd-shared-*.so') + glob.glob('/usr/lib/systemd/libsystemd-shared-*.so')
        lines = ctypes.POINTER(ctypes.c_char_p)()
        assert ctypes.CDLL(found[0]).load_env_file(None, sys.argv[1].encode(), ctypes.byref(lines)) >= 0
        at = 0
        while lines and lines[at]:
            sys.stdout.buffer.write(lines[at] + b'\0')
            at += 1
        """;

    private const string Python = """
        import dotenv, sys
        for name, value in dotenv.dotenv_values(sys.argv[1]).items():
            sys.stdout.buffer.write((name + '=' + (value or '') + '\0').encode())
        """;

    /// <summary>The readers of each dialect, by their names.</summary>
    public static IReadOnlyList<(string Dialect, string Reader)> All { get; } =
    [
        ("shell", "sh"), ("shell", "bash"), ("dotenv", "node"), ("dotenv", "npm dotenv"), ("dotenv-expand", "npm dotenv-expand"),
        ("python-dotenv", "python-dotenv"), ("systemd", "libsystemd"), ("docker-env", "docker"), ("docker-env", "kubectl"),
        ("compose", "compose-go"),
    ];

    /// <summary>What the reader finds in the file; null if it is not here.</summary>
    public static async Task<Dictionary<string, string>?> ReadAsync(string reader, string path) => reader switch
    {
        "sh" or "bash" => Split(await Commands.OutputAsync(reader, "-c", $"set -a; unset PWD; . {path}; exec env -0")),
        "node" => Split(await Commands.OutputAsync("node", "-e", Node("require('util').parseEnv(text)", path))),
        "npm dotenv" => await NpmAsync("require('dotenv').parse(text)", path),
        // Line by line: it takes each value through all that come before it.
        "npm dotenv-expand" => await NpmAsync(
            "Object.assign({}, ...text.split('\\n').map(line => "
                + "require('dotenv-expand').expand({ parsed: require('dotenv').parse(line), processEnv: {} }).parsed))",
            path),
        "python-dotenv" => Split(await Commands.OutputAsync("/usr/bin/python3", "-c", Python, path)),
        "libsystemd" => Split(await Commands.OutputAsync("/usr/bin/python3", "-c", Systemd, path)),
        "docker" => await DockerAsync(path),
        "kubectl" => await KubectlAsync(path),
        _ => Environment.GetEnvironmentVariable("ROTUNDA_COMPOSE_READER") is { Length: > 0 } program
            ? Split(await Commands.OutputAsync(program, path))
            : null,
    };

    private static string Node(string parsed, string path) =>
        $"const text = require('fs').readFileSync({JsonSerializer.Serialize(path)}, 'utf8');"
            + $"process.stdout.write(Object.entries({parsed}).map(([k, v]) => k + '=' + v + '\\0').join(''))";

    /// <summary>The packages that ./test installs beside Azurite.</summary>
    private static async Task<Dictionary<string, string>?> NpmAsync(string parsed, string path)
    {
        var folder = Environment.GetEnvironmentVariable("ROTUNDA_DOTENV") is { Length: > 0 } named ? named : Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache/rotunda/dotenv-17.2.3");
        return Directory.Exists(folder)
            ? Split(await Commands.OutputAsync(
                "node",
                "-e",
                Node(parsed, path).Replace("require('dotenv", $"require('{folder}/node_modules/dotenv", StringComparison.Ordinal)))
            : null;
    }

    /// <summary>The client reads the file by itself, and sends what it found to a daemon: here one that only listens.</summary>
    private static async Task<Dictionary<string, string>?> DockerAsync(string path)
    {
        JsonNode? sent = null;
        await using var daemon = await ConsumerServer.StartAsync();
        daemon.Answer = async context =>
        {
            context.Response.Headers["Api-Version"] = "1.43";
            if (context.Request.Path.Value!.EndsWith("/containers/create", StringComparison.Ordinal))
            {
                sent = await JsonNode.ParseAsync(context.Request.Body);
                context.Response.StatusCode = 201;
                await context.Response.BodyWriter.WriteAsync("{\"Id\":\"0123456789ab\",\"Warnings\":[]}"u8.ToArray());
            }
        };
        var host = $"tcp://{new Uri(daemon.Address).Authority}";
        var output = await Commands.OutputAsync("docker", "-H", host, "create", "--env-file", path, "image");
        return output is null ? null : Split(string.Concat(sent!["Env"]!.AsArray().Select(pair => $"{pair}\0")));
    }

    private static async Task<Dictionary<string, string>?> KubectlAsync(string path)
    {
        var output = await Commands.OutputAsync(
            "kubectl", "create", "secret", "generic", "any", $"--from-env-file={path}", "--dry-run=client", "-o", "json");
        return output is null ? null : JsonNode.Parse(output)!["data"]!.AsObject().ToDictionary(
            pair => pair.Key,
            pair => Encoding.UTF8.GetString(Convert.FromBase64String((string?)pair.Value ?? "")),
            StringComparer.Ordinal);
    }

    private static Dictionary<string, string>? Split(string? pairs) => pairs?.Split('\0', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2))
        .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
}
