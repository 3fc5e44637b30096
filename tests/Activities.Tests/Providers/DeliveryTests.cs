using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Databases.PgBouncer;
using Rotunda.Providers.Delivery;
using Rotunda.Providers.Targets.AuthorizedKeys;
using Rotunda.Providers.Targets.DotEnv;
using Rotunda.Providers.Targets.PlainFile;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;

namespace Rotunda.Activities.Tests.Providers;

public sealed class DeliveryTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rotunda-test-");
    private readonly DotEnvProvider _dotenv = new();
    private readonly FileProvider _file = new();

    private string Target => Path.Combine(_folder.FullName, ".env");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("folder", "is a folder")]
    [InlineData("long", "could not be read")]
    [InlineData("odd", "no env file", "Line 1 of the file")]
    public async Task What_stands_there_and_cannot_be_read_is_a_refusal_as_nothing_was_written(string what, params string[] expected)
    {
        var path =
            what switch { "folder" => _folder.FullName, "long" => Path.Combine(_folder.FullName, new string('x', 300)), _ => Target };
        if (what == "odd")
        {
            await File.WriteAllBytesAsync(Target, "KEY=\0\"\nno quotes"u8.ToArray());
        }

        var settings = new JsonObject
        {
            ["path"] = path, ["keys"] = new JsonObject
            {
                ["KEY"] = "{value}",
            }, ["users"] = new JsonArray("app"), ["poolers"] = new JsonArray("127.0.0.1:1"),
            ["adminUser"] = "admin", ["database"] = "app",
        };
        IDeliverValues[] all =
            what == "odd" ? [_dotenv, new PgBouncerProvider()] : [_dotenv, _file, new AuthorizedKeysProvider(), new PgBouncerProvider()];
        foreach (var (provider, index) in all.Select((provider, index) => (provider, index)))
        {
            var call = new ProviderCall(
                new ProviderSettings(settings, new FixedReferences(new Dictionary<string, string>())),
                "app",
                "app-1",
                1,
                1,
                TimeProvider.System);
            var refusal = await Assert.ThrowsAnyAsync<OutcomeException>(() => provider.CaptureAsync(call, default));
            Assert.Equal(StepOutcomeKind.Rejected, refusal.Outcome.Kind);
            Assert.Contains(expected[Math.Min(index, expected.Length - 1)], refusal.Outcome.Reason);
        }
    }

    [Theory]
    [InlineData("{value}|{password}|{primary}", "p/1|p/1|p/1")]
    [InlineData("{secondary}|{secondary.username}|{secondary.fingerprint}", "s&2|app_b|bbb")]
    [InlineData("{username}:{value:url}@{{x}}", "app_a:p%2F1@{x}")]
    [InlineData("{value:base64} {fingerprint} {salt}", "cC8x aaa 00")]
    [InlineData("", "")]
    [InlineData("{values:join:,}|{values:url:join: ; }|{secondary?}", "p/1,s&2|p%2F1 ; s%262|s&2")]
    [InlineData("{value},{secondary?}", "p/1,s&2")]
    [InlineData("{value:json}{value:yaml}{value:shell}{value:ado}{value:libpq}{value:jdbc}", "p/1\"p/1\"'p/1''p/1''p/1'p%2F1")]
    public void Templates_are_filled(string template, string expected)
    {
        using var values = Values("p/1", "s&2");
        Assert.Equal(expected, DeliveryTemplate.Parse(template).Render(values.Delivered));
    }

    [Theory]
    [InlineData("{values:join:,}", "p")]
    [InlineData("[{secondary?}{secondary:shell}]", "[]")]
    [InlineData("{value},{secondary?}", "p")]
    [InlineData("{secondary?};{value}!", "p!")]
    [InlineData("[\"{value}\",\"{secondary?}\"]", "[\"p\"]")]
    [InlineData("keys: x, {secondary?}", "keys: x")]
    [InlineData("{username}:{value},{secondary.username?}:{secondary?}", "app_a:p")]
    [InlineData("a={value}&b={secondary?}", "a=p&b=")]
    [InlineData("{secondary?}", "")]
    public void What_is_not_there_leaves_nothing_behind(string template, string expected)
    {
        using var values = Values("p", null);
        Assert.Equal(expected, DeliveryTemplate.Parse(template).Render(values.Delivered));
    }

    [Theory]
    [InlineData("{values}", "{values:join:,}")]
    [InlineData("{value.}", "{value.member}")]
    [InlineData("{values:join:}", "{values:join:,}")]
    [InlineData("{value?}", "{secondary?}")]
    [InlineData("{secret}", "{value}, {password}")]
    [InlineData("{value:rot13}", ":url, :base64")]
    [InlineData("{value", "not closed")]
    public void A_template_that_makes_no_sense_is_refused_with_what_would(string template, string help) =>
        Assert.Contains(help, Assert.Throws<DeliveryException>(() => DeliveryTemplate.Parse(template)).Message);

    [Fact]
    public async Task A_missing_second_value_is_empty_and_a_missing_user_name_is_refused()
    {
        using var values = Values("p", null, username: null);
        Assert.Equal("[]", DeliveryTemplate.Parse("[{secondary}{secondary.username}]").Render(values.Delivered));
        var outcome = await _dotenv.DeliverAsync(DotEnv(("URL", "{username}")), values.Delivered, default);
        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Contains("user name", outcome.Reason);
    }

    [Fact]
    public async Task Binary_values_are_delivered_as_base64_only()
    {
        using var value = SecretValue.FromBytes([0xff, 0x00, 0x80]);
        var values = new DeliveredValues(new(value, null, "aaa"), null, "00");
        Assert.Equal(StepOutcomeKind.Rejected, (await _dotenv.DeliverAsync(DotEnv(("KEY", "{value}")), values, default)).Kind);
        await _dotenv.DeliverAsync(DotEnv(("KEY", "{value:base64}")), values, default);
        Assert.Equal("KEY=/wCA\n", await File.ReadAllTextAsync(Target));
    }

    [Fact]
    public async Task A_new_file_is_for_its_owner_only_and_an_old_one_keeps_its_mode()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var values = Values("p", null);
        await _dotenv.DeliverAsync(DotEnv(("KEY", "{value}")), values.Delivered, default);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Target));

        const UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        File.SetUnixFileMode(Target, mode);
        Assert.Equal(StepOutcomeKind.Done, (await _dotenv.DeliverAsync(DotEnv(("OTHER", "{value}")), values.Delivered, default)).Kind);
        Assert.Equal(mode, File.GetUnixFileMode(Target));
        Assert.Equal("KEY=p\nOTHER=p\n", await File.ReadAllTextAsync(Target));
    }

    [Fact]
    public async Task The_owner_stays()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can give files away.");
        await File.WriteAllTextAsync(Target, "A=1\n");
        Assert.True(UnixFiles.TrySetOwner(Target, (12345, 23456)));
        using var values = Values("p", null);
        await _dotenv.DeliverAsync(DotEnv(("KEY", "{value}")), values.Delivered, default);
        Assert.Equal((12345u, 23456u), UnixFiles.OwnerOf(Target));
    }

    [Fact]
    public async Task A_symbolic_link_stays_a_link()
    {
        var real = Path.Combine(_folder.CreateSubdirectory("real").FullName, "env");
        await File.WriteAllTextAsync(real, "KEY=old\n");
        File.CreateSymbolicLink(Target, real);
        using var values = Values("new", null);
        await _dotenv.DeliverAsync(DotEnv(("KEY", "{value}")), values.Delivered, default);
        Assert.Equal(real, File.ResolveLinkTarget(Target, true)!.FullName);
        Assert.Equal("KEY=new\n", await File.ReadAllTextAsync(real));
    }

    [Fact]
    public async Task What_a_crashed_attempt_left_behind_is_cleared_away()
    {
        var leftover = Path.Combine(_folder.FullName, "..env.rotunda-0123456789abcdef.tmp");
        var stranger = Path.Combine(_folder.FullName, ".other.rotunda-0123456789abcdef.tmp");
        await File.WriteAllTextAsync(leftover, "KEY=half");
        await File.WriteAllTextAsync(stranger, "");
        using var values = Values("p", null);
        await _dotenv.DeliverAsync(DotEnv(("KEY", "{value}")), values.Delivered, default);
        Assert.False(File.Exists(leftover));
        Assert.True(File.Exists(stranger));
    }

    [Fact]
    public async Task Restoring_leaves_what_others_wrote_meanwhile()
    {
        await File.WriteAllTextAsync(Target, "# top\nKEY='old' # mine\nOTHER=1\n");
        var call = DotEnv(("KEY", "{value}"), ("URL", "x://{value:url}"));
        using var captured = await _dotenv.CaptureAsync(call, default);
        using var values = Values("n/w", null);
        await _dotenv.DeliverAsync(call, values.Delivered, default);
        Assert.Equal("# top\nKEY='n/w' # mine\nOTHER=1\nURL=x://n%2Fw\n", await File.ReadAllTextAsync(Target));
        await File.WriteAllTextAsync(Target, (await File.ReadAllTextAsync(Target)).Replace("OTHER=1", "OTHER=2\nMORE=3"));
        Assert.Equal(StepOutcomeKind.Done, (await _dotenv.RestoreAsync(call, captured, default)).Kind);
        Assert.Equal("# top\nKEY='old' # mine\nOTHER=2\nMORE=3\n", await File.ReadAllTextAsync(Target));
        Assert.Equal(StepOutcomeKind.AlreadyDone, (await _dotenv.RestoreAsync(call, captured, default)).Kind);
    }

    [Fact]
    public async Task A_file_that_was_made_goes_again_unless_others_use_it()
    {
        var call = DotEnv(("KEY", "{value}"));
        Assert.Null(await _dotenv.CaptureAsync(call, default));
        using var values = Values("p", null);
        await _dotenv.DeliverAsync(call, values.Delivered, default);
        await _dotenv.RestoreAsync(call, null, default);
        Assert.False(File.Exists(Target));

        await _dotenv.DeliverAsync(call, values.Delivered, default);
        await File.AppendAllTextAsync(Target, "OTHER=1\n");
        await _dotenv.RestoreAsync(call, null, default);
        Assert.Equal("OTHER=1\n", await File.ReadAllTextAsync(Target));
    }

    [Fact]
    public async Task Secrets_that_share_a_file_do_not_lose_each_others_keys()
    {
        using var values = Values("p", null);
        await Task.WhenAll(
            Enumerable.Range(0, 40)
                .Select(i => Task.Run(() => _dotenv.DeliverAsync(DotEnv(("KEY_" + i, "{value}")), values.Delivered, default))));
        Assert.Equal(
            Enumerable.Range(0, 40).Select(i => $"KEY_{i}=p").Order(StringComparer.Ordinal),
            (await File.ReadAllLinesAsync(Target)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Readers_see_the_old_or_the_new()
    {
        var call = FileCall("{value}");
        using var one = Values(new string('a', 300_000), null);
        using var two = Values(new string('b', 300_000), null);
        await _file.DeliverAsync(call, one.Delivered, default);
        using var stop = new CancellationTokenSource();
        var reader = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                var text = File.ReadAllText(Target);
                Assert.Equal((300_000, text[0]), (text.Length, text[^1]));
            }
        });
        for (var i = 0; i < 20; i++)
        {
            await _file.DeliverAsync(call, (i % 2 == 0 ? two : one).Delivered, default);
        }

        await stop.CancelAsync();
        await reader;
    }

    [Theory]
    [InlineData("1KEY")]
    [InlineData("A-B")]
    [InlineData("A B")]
    [InlineData("A\n")]
    public async Task Keys_that_not_every_reader_takes_are_rejected(string key) =>
        Assert.Equal(StepOutcomeKind.Rejected, (await _dotenv.ValidateAsync(DotEnv((key, "{value}")), default)).Kind);

    [Theory]
    [InlineData("rw")]
    [InlineData("9999")]
    [InlineData("00600")]
    public async Task A_mode_that_is_none_is_rejected(string mode)
    {
        var call = FileCall("{value}", mode);
        Assert.Equal(StepOutcomeKind.Rejected, (await _file.ValidateAsync(call, default)).Kind);
    }

    [Fact]
    public async Task Validation_leaves_nothing_behind()
    {
        Assert.Equal(StepOutcomeKind.Done, (await _dotenv.ValidateAsync(DotEnv(("KEY", "{value}")), default)).Kind);
        Assert.Empty(_folder.GetFiles());
    }

    private ProviderCall DotEnv(params (string Key, string Template)[] keys) =>
        Call(
            new()
            {
                ["path"] = Target,
                ["keys"] = new JsonObject(keys.Select(key => KeyValuePair.Create(key.Key, (JsonNode?)key.Template))),
            });

    private ProviderCall FileCall(string template, string mode = "0600") =>
        Call(new() { ["path"] = Target, ["template"] = template, ["mode"] = mode });

    private static ProviderCall Call(JsonObject settings) =>
        new(new(settings, new FixedReferences(new Dictionary<string, string>())), "s", "s-1", 1, 1, TimeProvider.System);

    private static Disposable Values(string primary, string? secondary, string? username = "app_a")
    {
        var one = SecretValue.FromText(primary);
        var other = secondary is null ? null : SecretValue.FromText(secondary);
        return new(new(new(one, username, "aaa"), other is null ? null : new(other, "app_b", "bbb"), "00"));
    }

    private sealed record Disposable(DeliveredValues Delivered) : IDisposable
    {
        public void Dispose()
        {
            Delivered.Primary.Value.Dispose();
            Delivered.Secondary?.Value.Dispose();
        }
    }
}
