using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Registry;
using Rotunda.Providers.Ssh;
using Rotunda.Providers.Targets.AuthorizedKeys;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.RealServers;

namespace Rotunda.Activities.Tests.Providers.AuthorizedKeys;

public sealed class AuthorizedKeysTests
{
    private const string Others =
        "# people\nssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKjrXzhpQPSAMKcNHbrGOoDqvZlhBGbbH8rBzQpKE6dQ alice\nfrom=\"10.0.0.0/8 ,x\",no-pty "
            + "ssh-rsa AAAAB3Nz bob with words";

    /// <summary>sshd would ignore the whole line with the first, and the whole file with the second.</summary>
    [Fact]
    public async Task What_sshd_would_ignore_is_told_with_the_way_out()
    {
        await using var environment = new KeysEnvironment(null);
        var provider = (IValidateSetup)environment.Provider;
        JsonObject With(string options) => new() { ["path"] = environment.Path, ["options"] = options };
        var unknown = await provider.ValidateAsync(environment.Call(settings: With("retsrict")), default);
        Assert.Contains("'options' has \"retsrict\"", unknown.Reason);
        Assert.Contains("Did you mean restrict?", unknown.Reason);
        var all = With("restrict,X11-Forwarding,from=\"a,b\",command=\"echo \\\"x,y\\\"\"");
        Assert.Null((await provider.ValidateAsync(environment.Call(settings: all), default)).Reason);

        var folder = System.IO.Path.GetDirectoryName(environment.Path)!;
        if (!OperatingSystem.IsWindows())
        {
            var before = File.GetUnixFileMode(folder);
            File.SetUnixFileMode(folder, before | UnixFileMode.GroupWrite);
            var open = await provider.ValidateAsync(environment.Call(), default);
            File.SetUnixFileMode(folder, before);
            Assert.Contains($"chmod go-w {folder}", open.Reason);
        }
    }

    [Fact]
    public void A_mode_that_lets_others_write_is_told_at_its_place()
    {
        var check = AuthorizedKeysDescriptor.Instance.Check!;
        Assert.Equal("mode", Assert.Single(check(new() { ["mode"] = "0666" })).Setting);
        Assert.Equal("mode", Assert.Single(check(new() { ["mode"] = "rw" })).Setting);
        Assert.Empty(check(new() { ["mode"] = "0644" }));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(Others)]
    [InlineData(Others + "\nrestrict ssh-ed25519 AAAAold old rotunda:conformance\n# end\n")]
    public async Task It_conforms(string? before)
    {
        await using var environment = new KeysEnvironment(before);
        await KeptOnFile.HangAsync(environment.Path);
        await ProviderConformanceSuite.RunAsync(environment);
    }

    [Fact]
    public async Task A_real_server_lets_in_who_has_a_key_that_stands_there_and_nobody_else_through_a_dual_key_rotation()
    {
        await using var server = await SshServer.StartAsync();
        var (old, fresh) = (OpenSshKey.NewEcdsa(), OpenSshKey.NewEcdsa());
        var (oldFile, freshFile) = (KeyFile(server, "old", old), KeyFile(server, "fresh", fresh));
        await File.WriteAllTextAsync(server.AuthorizedKeys, "# kept\n");
        using var one = SecretValue.FromText(old);
        using var two = SecretValue.FromText(fresh);

        await DeliverAsync(server, one, null);
        Assert.Equal((true, false), (await server.LetsInAsync(oldFile), await server.LetsInAsync(freshFile)));
        await DeliverAsync(server, one, two);
        Assert.Equal((true, true), (await server.LetsInAsync(oldFile), await server.LetsInAsync(freshFile)));
        await DeliverAsync(server, two, one);
        Assert.Equal((true, true), (await server.LetsInAsync(oldFile), await server.LetsInAsync(freshFile)));
        await DeliverAsync(server, two, null);
        Assert.Equal((false, true), (await server.LetsInAsync(oldFile), await server.LetsInAsync(freshFile)));
        Assert.StartsWith("# kept\n", await File.ReadAllTextAsync(server.AuthorizedKeys));
    }

    [Theory]
    [InlineData("overlap", 1)]
    [InlineData("dual-key", 0)]
    public void Only_dual_key_may_deliver_there_as_any_other_would_shut_out_the_key_in_use(string strategy, int problems)
    {
        var yaml = $$"""
            version: 1
            secrets:
              deploy-key:
                provider: { type: generated }
                strategy: {{strategy}}
                targets:
                  client: { type: file, path: ./deploy_key }
                  server: { type: authorized-keys, path: /home/deploy/.ssh/authorized_keys }
            """;
        var descriptors =
            new ServiceCollection().AddRotundaProviders().BuildServiceProvider().GetRequiredService<ProviderRegistry>().Descriptors;

        var found = CatalogReader.Read(yaml, "catalog.yaml", "/etc/rotunda", descriptors).Problems;

        Assert.Equal(problems, found.Count);
        Assert.All(found, problem => Assert.Equal(
            (
                8,
                "deploy-key.targets.server: \"authorized-keys\" lets in only what stands there, so with strategy overlap the credential "
                    + "in use would be shut out before its clients have the new one. Set strategy: dual-key."),
            (problem.Line, problem.Message)));
    }

    [Theory]
    [InlineData("-t", "ed25519")]
    [InlineData("-t", "ecdsa", "-b", "256")]
    [InlineData("-t", "rsa", "-b", "2048")]
    [InlineData("-t", "rsa", "-b", "2048", "-m", "PEM")]
    [InlineData("-t", "rsa", "-b", "2048", "-m", "PKCS8")]
    [InlineData("-t", "ecdsa", "-b", "256", "-m", "PEM")]
    [InlineData("-t", "ecdsa", "-b", "256", "-m", "PKCS8")]
    public async Task The_public_key_is_the_one_that_ssh_keygen_tells(params string[] arguments)
    {
        using var folder = new TempFolder();
        await SshServer.RunAsync("ssh-keygen", ["-q", "-N", "", "-C", "", "-f", folder.File("key"), .. arguments]);
        using var value = SecretValue.FromText(await File.ReadAllTextAsync(folder.File("key")));

        var key = OpenSshKey.PublicOf(value)!;

        Assert.Equal((await File.ReadAllTextAsync(folder.File("key.pub"))).Trim(), $"{key.Type} {key.Blob}");
    }

    [Fact]
    public async Task A_generated_key_is_one_that_ssh_keygen_reads()
    {
        using var folder = new TempFolder();
        using var value = Rotunda.Activities.Steps.ValueGenerator.Generate(new(Rotunda.Rotation.Words.ValueFormat.SshEcdsa, 32));
        await File.WriteAllTextAsync(folder.File("key"), value.RevealText());
        Protect(folder.File("key"));

        var (code, output) = await SshServer.RunAsync("ssh-keygen", "-y", "-P", "", "-f", folder.File("key"));

        var key = OpenSshKey.PublicOf(value)!;
        Assert.Equal((0, $"{key.Type} {key.Blob} rotunda"), (code, output.Trim()));
        Assert.Contains(key.Fingerprint, (await SshServer.RunAsync("ssh-keygen", "-l", "-f", folder.File("key"))).Output);
    }

    [Fact]
    public async Task The_key_in_use_at_adoption_is_taken_over_with_its_options_and_given_back_as_it_was()
    {
        using var adopted = SecretValue.FromText(OpenSshKey.NewEcdsa());
        using var fresh = SecretValue.FromText(OpenSshKey.NewEcdsa());
        var blob = OpenSshKey.PublicOf(adopted)!.Blob;
        var before = $"command=\"a \\\"b\\\" c\",no-pty  ecdsa-sha2-nistp256   {blob}  deploy@ci\n# end";
        await using var environment = new KeysEnvironment(before);
        using var captured = await environment.Target.CaptureAsync(environment.Call(), default);

        await environment.Target.DeliverAsync(environment.Call(), Values(adopted, fresh), default);

        var lines = (await environment.StateAsync()).Split('\n');
        Assert.Equal($"command=\"a \\\"b\\\" c\",no-pty ecdsa-sha2-nistp256 {blob} deploy@ci rotunda:conformance", lines[0]);
        Assert.Equal($"restrict ecdsa-sha2-nistp256 {OpenSshKey.PublicOf(fresh)!.Blob} rotunda:conformance", lines[1]);
        await environment.Target.RestoreAsync(environment.Call(), captured, default);
        Assert.Equal(before, await environment.StateAsync());
        await environment.Target.DeliverAsync(environment.Call(), Values(fresh, adopted), default);
        await environment.Target.DeliverAsync(environment.Call(), Values(fresh, null), default);
        Assert.DoesNotContain(blob, await environment.StateAsync());
    }

    [Theory]
    [InlineData(null, "from=\"10.0.0.0/8\",environment=\"T=…\",no-pty", null)]
    [InlineData("restrict", "restrict", "from=\"10.0.0.0/8\",environment=\"T=…\",no-pty")]
    public async Task A_new_key_gets_the_options_of_the_one_that_is_adopted_or_it_is_told(string? set, string given, string? leftOut)
    {
        const string options = "from=\"10.0.0.0/8\",environment=\"T=secret\\\"1\",no-pty";
        using var adopted = SecretValue.FromText(OpenSshKey.NewEcdsa());
        using var fresh = SecretValue.FromText(OpenSshKey.NewEcdsa());
        var blob = OpenSshKey.PublicOf(adopted)!.Blob;
        await using var environment =
            new KeysEnvironment($"ssh-ed25519 AAAAother other@host\n{options} ecdsa-sha2-nistp256 {blob} deploy@ci\n");
        environment.Options = set;
        var outcome = await environment.Target.DeliverAsync(environment.Call(), Values(adopted, fresh), default);

        Assert.Contains(
            $"\n{set ?? options} ecdsa-sha2-nistp256 {OpenSshKey.PublicOf(fresh)!.Blob} rotunda:conformance\n",
            await environment.StateAsync());
        Assert.Equal((given, leftOut), (outcome.Facts!["optionsOfNewKeys"], outcome.Facts.GetValueOrDefault("optionsNotTakenOver")));

        // The check shows them as soon as a line has the mark.
        var check = await new AuthorizedKeysProvider().ValidateAsync(environment.Call(), default);
        Assert.Equal((given, leftOut), (check.Facts!["optionsOfNewKeys"], check.Facts.GetValueOrDefault("optionsNotTakenOver")));
    }

    [Theory]
    [InlineData("no key at all, but 1234567890")]
    [InlineData("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n")]
    public async Task A_value_that_is_no_key_is_refused_without_repeating_it(string text)
    {
        await using var environment = new KeysEnvironment(Others);
        using var value = SecretValue.FromText(text);

        var outcome = await environment.Target.DeliverAsync(environment.Call(), Values(value, null), default);

        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.DoesNotContain("1234567890", outcome.Reason);
        Assert.Equal(Others, await environment.StateAsync());
    }

    [Fact]
    public async Task A_file_that_sshd_would_ignore_is_refused()
    {
        await using var environment = new KeysEnvironment(Others);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(environment.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite);
        }

        var outcome = await new AuthorizedKeysProvider().ValidateAsync(environment.Call(), default);

        Assert.Contains("sshd ignores it", outcome.Reason);
    }

    private static async Task DeliverAsync(SshServer server, SecretValue primary, SecretValue? secondary)
    {
        var call = new ProviderCall(
            new ProviderSettings(
                new JsonObject { ["path"] = server.AuthorizedKeys },
                new FixedReferences(new Dictionary<string, string>())),
            "deploy",
            "deploy-1",
            1,
            1,
            TimeProvider.System);
        var values = Values(primary, secondary);
        Assert.True((await new AuthorizedKeysProvider().DeliverAsync(call, values, default)).Succeeded);
        Assert.True((await new AuthorizedKeysProvider().ConfirmAsync(call, values, default)).Succeeded);
    }

    private static string KeyFile(SshServer server, string name, string key)
    {
        File.WriteAllText(server.In(name), key);
        Protect(server.In(name));
        return server.In(name);
    }

    private static void Protect(string file)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    private static DeliveredValues Values(SecretValue primary, SecretValue? secondary) => new(
        new(primary, null, Fingerprint.Of(primary, "00")),
        secondary is null ? null : new(secondary, null, Fingerprint.Of(secondary, "00")),
        "00");

    private sealed class KeysEnvironment : ProviderEnvironment
    {
        private readonly TempFolder _folder = new();

        public KeysEnvironment(string? before)
        {
            if (before is not null)
            {
                File.WriteAllText(Path, before);
                Protect(Path);
            }
        }

        public string Path => _folder.File("authorized_keys");

        public AuthorizedKeysProvider Target { get; } = new();

        public override IProvider Provider => Target;

        public string? Options { get; set; } = "restrict";

        public override JsonObject Settings => Options is null
            ? new() { ["path"] = Path }
            : new() { ["path"] = Path, ["options"] = Options };

        public override IEnumerable<(string What, JsonObject Settings)> BrokenSettings =>
        [
            ("a folder that is not there", new() { ["path"] = _folder.File("missing/authorized_keys") }),
            ("options that sshd does not know", new() { ["path"] = Path, ["options"] = "retsrict" }),
            ("an option without its value", new() { ["path"] = Path, ["options"] = "restrict,from" }),
            ("options that would end too early", new() { ["path"] = Path, ["options"] = "no-pty restrict" }),
            ("a marker of two words", new() { ["path"] = Path, ["marker"] = "two words" }),
        ];

        public override string NewValue(int number) => OpenSshKey.NewEcdsa();

        public override Task<string?> KeptAsync() => Task.FromResult<string?>(KeptOnFile.Of(Path));

        public override async Task<string> StateAsync() => File.Exists(Path) ? await File.ReadAllTextAsync(Path) : "(none)";

        public override async ValueTask DisposeAsync()
        {
            _folder.Dispose();
            await base.DisposeAsync();
        }
    }
}
