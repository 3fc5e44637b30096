using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Custom.Exec;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;

namespace Rotunda.Activities.Tests.Providers.Contract;

/// <summary>The sample program, for real.</summary>
internal sealed class ExecEnvironment : ProviderEnvironment
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rotunda-test-");

    public override IProvider Provider { get; } = new ExecProvider();

    public override JsonObject Settings => With([]);

    public override CredentialHandle Credential => new("app_a", "app_a", "rotunda-conformance-1");

    public override IReadOnlyDictionary<string, string> References =>
        new Dictionary<string, string> { ["env:CONSOLE"] = "a-console-password-1234567890" };

    public override IEnumerable<(string What, JsonObject Settings)> BrokenSettings =>
    [
        ("no program", With(new() { ["program"] = Path.Combine(_folder.FullName, "missing") })),
        ("a program that may not be executed", With(new() { ["program"] = Script("not executable", UnixFileMode.UserRead) })),
        (
            "a program that everyone may change",
            With(new() { ["program"] = Script("changeable", UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherWrite) })),
        ("a program that fails", With(new() { ["program"] = Script("exit 3") })),
        ("a program that echoes what it was told", With(new() { ["program"] = Script("tee /dev/stderr; exit 110") })),
        (
            "a program that quotes what it was told",
            With(new() { ["program"] = Script("""printf '{"outcome":"rejected","reason":"'; tr -d '\n"\\' ; printf '"}'""") })),
        ("a program that says nothing", With(new() { ["program"] = Script("cat >/dev/null") })),
        ("a program that never ends to answer", With(new() { ["program"] = Script("yes") })),
        ("a reference to nothing", With(new() { ["credentials"] = new JsonObject { ["console"] = "env:MISSING" } })),
        (
            "half of a pair of operations",
            With(new() { ["operations"] = new JsonArray("capture", "deliver"), ["program"] = Script("exit 1") })),
    ];

    public override Func<string, Task> SetByHand => text =>
    {
        var state = JsonNode.Parse(File.ReadAllText(StateFile))!;
        state["passwords"]![Credential.Account!] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        return File.WriteAllTextAsync(StateFile, state.ToJsonString());
    };

    public override string NoRights => "The program decides what a login needs, and the sample's need nothing.";

    public override string NotTold => "The contract has no operation that tells it.";

    private string StateFile => Path.Combine(_folder.FullName, "tokens.json");

    /// <summary>Without ids and digests of values, which are new in each run.</summary>
    public override async Task<string> StateAsync() => File.Exists(StateFile) ? await File.ReadAllTextAsync(StateFile) : Empty;

    /// <summary>Started a hundred times, without what looks for the right Python each time.</summary>
    private const string Python = "/usr/bin/python3";

    private const string Empty = """{"delivered": null, "healthy": true, "passwords": {}, "tokens": {}}""";

    public JsonObject With(JsonObject changes)
    {
        var settings = new JsonObject
        {
            ["program"] = File.Exists(Python) ? Script($"exec {Python} -S '{Sample()}' \"$@\"") : Sample(),
            ["operations"] = new JsonArray([.. Operations.Names.Select(name => (JsonNode)name)]),
            ["parameters"] = new JsonObject { ["file"] = StateFile },
            ["credentials"] = new JsonObject { ["console"] = "env:CONSOLE" },
            ["timeout"] = "30s",
        };
        foreach (var (name, value) in changes)
        {
            settings[name] = value?.DeepClone();
        }

        return settings;
    }

    public string Script(string text, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserExecute)
    {
        var path = Path.Combine(_folder.FullName, $"script-{Guid.NewGuid():N}");
        File.WriteAllText(path, "#!/bin/sh\n" + text + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }

        return path;
    }

    public override async ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        await base.DisposeAsync();
    }

    private static string Sample([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../../samples/exec/tokens.py"));
}
