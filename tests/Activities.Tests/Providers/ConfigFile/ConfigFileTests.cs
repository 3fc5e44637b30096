using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Targets.ConfigFile;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;

namespace Rotunda.Activities.Tests.Providers.ConfigFile;

public sealed class ConfigFileTests : IDisposable
{
    private const string AppSettings = """
        // The shop.
        {
          "Logging": { "LogLevel": { "Default": "Information" } },
          "ConnectionStrings": {
            /* rotated */ "Orders": "Host=db;Password=old", // by Rotunda
            "Other": "x",
          },
        }
        """;

    private readonly TempFolder _folder = new();
    private readonly ConfigFileProvider _provider = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_connection_string_of_appsettings_is_all_that_changes_and_comes_back()
    {
        var before = AppSettings.ReplaceLineEndings("\r\n");
        var call = Call("appsettings.json", before, ("ConnectionStrings.Orders", "Host=db;Password={value:ado}"));

        Assert.Equal(StepOutcomeKind.Done, (await _provider.ValidateAsync(call, default)).Kind);
        using var captured = await _provider.CaptureAsync(call, default);
        Assert.Equal(StepOutcomeKind.Done, (await DeliverAsync(call, "n\"e'w;")).Kind);
        Assert.Equal(
            before.Replace("Host=db;Password=old", "Host=db;Password=\\\"n\\\"\\\"e'w;\\\"",
                StringComparison.Ordinal), Read("appsettings.json"));
        Assert.Equal(StepOutcomeKind.AlreadyDone, (await DeliverAsync(call, "n\"e'w;")).Kind);
        Assert.Equal(StepOutcomeKind.Done, (await ConfirmAsync(call, "n\"e'w;")).Kind);
        Assert.Equal(Standing.Differs, (await ConfirmAsync(call, "other")).Standing);

        // What others wrote meanwhile stays on the way back.
        File.WriteAllText(_folder.File("appsettings.json"),
            Read("appsettings.json").Replace("Information", "Debug", StringComparison.Ordinal));
        Assert.Equal(StepOutcomeKind.Done, (await _provider.RestoreAsync(call, captured, default)).Kind);
        Assert.Equal(before.Replace("Information", "Debug", StringComparison.Ordinal), Read("appsettings.json"));
    }

    [Fact]
    public async Task A_pair_is_written_in_one_step()
    {
        var call = Call("values.yaml", "db:\n  user: a # who\n  password: 'p'\n", ("db.user", "{username}"), ("db.password", "{value}"));

        Assert.Equal(StepOutcomeKind.Done, (await DeliverAsync(call, "new", "b")).Kind);
        Assert.Equal("db:\n  user: b # who\n  password: 'new'\n", Read("values.yaml"));

        // One that cannot be written leaves the other as it was, too.
        var broken = Call("pair.ini", "[db]\nuser=a\npassword=p\n", ("db.user", "{username}"), ("db.password", "{value}"));
        var refused = await DeliverAsync(broken, "a;b", "b");
        Assert.Equal(StepOutcomeKind.Rejected, refused.Kind);
        Assert.Contains("The value for db.password has a semicolon or #", refused.Reason);
        Assert.Equal("[db]\nuser=a\npassword=p\n", Read("pair.ini"));
    }

    [Theory]
    [InlineData("a.json", "{ \"a\": 1 }", "a", "is a number or a truth value")]
    [InlineData("a.json", "{ \"a\": \"x\", \"a\": \"y\" }", "a", "2 times")]
    [InlineData("a.json", "{ \"a\": { \"b\": \"c\" } }", "a", "has others in it")]
    [InlineData("a.json", "{ \"a\": \"x\" }", "b", "Put it there, correct the path, or set addMissing")]
    [InlineData("a.json", "{ \"a\": \"x\" }", "a[0", "is no path")]
    [InlineData("a.json", "{\n \"a\": canary }", "a", "no json that can be read (line 2)")]
    [InlineData("a.json", null, "a", "does not exist")]
    [InlineData("a.yaml", "a: &x b\n", "a", "has an anchor")]
    [InlineData("a.yaml", "a: !vault b\n", "a", "has a tag")]
    [InlineData("a.yaml", "x: &x b\na: *x\n", "a", "is an alias")]
    [InlineData("a.yaml", "a: b\n---\na: c\n", "a", "several documents")]
    [InlineData("a.yaml", "a: 'canary\n", "a", "no yaml that can be read (line")]
    [InlineData("a.yaml", "a: b\na: c\n", "a", "2 times")]
    [InlineData("a.toml", "a = 12\n", "a", "is no text")]
    [InlineData("a.toml", "b = 1\na = canary\n", "a", "no toml that can be read (line 2)")]
    [InlineData("a.toml", "a = 'x'\na = 'y'\n", "a", "no toml that can be read (line 2)")]
    [InlineData("a.ini", "[s]\na = x ; y\n", "s.a", "has a comment behind it")]
    [InlineData("a.ini", "[s]\na = x\n  y\n", "s.a", "over several lines")]
    [InlineData("a.ini", "[s]\na = \"x\n", "s.a", "begins with a quote")]
    [InlineData("a.ini", "[s]\na = x\n[s]\na = y\n", "s.a", "2 times")]
    [InlineData("a.ini", "[s]\na = x\n", "s.t.a", "is no path in an INI file")]
    [InlineData("a.properties", "a\n", "a", "has no = behind its key")]
    [InlineData("a.properties", "a=1\na=2\n", "a", "2 times")]
    [InlineData("a.xml", "<a><b>x</b><b>y</b></a>", "/a/b", "leads to 2 places")]
    [InlineData("a.xml", "<a><b>x<!-- c --></b></a>", "/a/b", "has more in it than text")]
    [InlineData("a.xml", "<!DOCTYPE a><a><b>canary</b></a>", "/a/b", "A document type (DOCTYPE) is not read")]
    [InlineData("a.xml", "<a/>", "/a[", "is no XPath")]
    [InlineData("a.xml", "<a/>", "count(/a)", "neither an attribute nor an element")]
    [InlineData("a.xml", "<?xml version='1.0' encoding='iso-8859-1'?><a>x</a>", "/a", "Save it as UTF-8")]
    [InlineData("a.unknown", "x", "a", "Set 'format' to json")]
    public async Task What_cannot_be_written_is_refused_before_anything_is_changed(string file, string? text, string path, string problem)
    {
        var call = Call(file, text, (path, "{value}"));
        var outcome = await _provider.ValidateAsync(call, default);
        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Contains(problem, outcome.Reason);
        Assert.DoesNotContain("canary", outcome.Reason, StringComparison.Ordinal);
        Assert.Equal(text, text is null ? null : Read(file));
    }

    [Theory]
    [InlineData("a.yaml", "a: b\n", "x", "a: x\n")]
    [InlineData("a.yaml", "a: b\n", "1234", "a: '1234'\n")]
    [InlineData("a.yaml", "a: b\n", "yes", "a: 'yes'\n")]
    [InlineData("a.yaml", "a: \"b\"\n", "x'y", "a: \"x'y\"\n")]
    [InlineData("a.yaml", "a:\n", "x", "a: x\n")]
    [InlineData("a.yaml", "a: |\n  one\n  two\nb: 1\n", "x", "a: 'x'\nb: 1\n")]
    [InlineData("a.yaml", "a: 1234\n", "1234", "a: '1234'\n")]
    [InlineData("a.toml", "a = 'b'\n", "x\\y", "a = 'x\\y'\n")]
    [InlineData("a.toml", "a = 'b'\n", "x'y", "a = \"x'y\"\n")]
    [InlineData("a.toml", "a = \"b\"\n", "x\\", "a = \"x\\\\\"\n")]
    [InlineData("a.ini", "a = \"b\" ; c\n", "x;y", "a = \"x;y\" ; c\n")]
    [InlineData("a.properties", "a=b\n", " ü\n", "a=\\ \\u00fc\\n\n")]
    [InlineData("a.json", "{\"a\":null}", "x\"", "{\"a\":\"x\\\"\"}")]
    public async Task Quotes_stay_where_they_can(string file, string before, string value, string after)
    {
        var call = Call(file, before, ("a", "{value}"));
        using var captured = await _provider.CaptureAsync(call, default);
        Assert.Equal(StepOutcomeKind.Done, (await DeliverAsync(call, value)).Kind);
        Assert.Equal(after, Read(file));
        await _provider.RestoreAsync(call, captured, default);
        Assert.Equal(before, Read(file));
    }

    [Fact]
    public async Task A_file_in_another_encoding_keeps_it_where_its_language_has_none()
    {
        var path = _folder.File("a.properties");
        var before = Encoding.Latin1.GetBytes("# \u00fc\na=\u00e4\n");
        var call = Call("a.properties", null, ("a", "{value}"));
        await File.WriteAllBytesAsync(path, before);
        using var captured = await _provider.CaptureAsync(call, default);
        await DeliverAsync(call, "€");
        Assert.Equal(Encoding.Latin1.GetBytes("# \u00fc\na=\\u20ac\n"), await File.ReadAllBytesAsync(path));
        await _provider.RestoreAsync(call, captured, default);
        Assert.Equal(before, await File.ReadAllBytesAsync(path));
        await File.WriteAllBytesAsync(_folder.File("a.json"), Encoding.Latin1.GetBytes("{\"a\":\"\u00e4\"}"));
        Assert.Contains("not in UTF-8", (await _provider.ValidateAsync(Call("a.json", null, ("a", "{value}")), default)).Reason);
    }

    /// <summary>Whoever may write the file must not be able to end the process.</summary>
    [Theory]
    [InlineData("a.yaml", "a: ")]
    [InlineData("a.toml", "a = ")]
    [InlineData("a.json", "{ \"a\": ")]
    public async Task A_file_that_nests_without_end_is_refused(string name, string begin)
    {
        foreach (var depth in new[] { 100, 100_000 })
        {
            await File.WriteAllTextAsync(_folder.File(name), begin + new string('[', depth) + new string(']', depth)
                + (name == "a.json" ? "}" : ""));
            var outcome = await _provider.ValidateAsync(Call(name, null, ("b", "{value}")), default);
            Assert.False(outcome.Succeeded);
        }
    }

    [Fact]
    public async Task A_file_that_is_no_file_of_settings_is_refused()
    {
        await File.WriteAllTextAsync(_folder.File("a.yaml"), "a: " + new string('x', 5_000_000));
        Assert.Contains("larger than 4 MB", (await _provider.ValidateAsync(Call("a.yaml", null, ("a", "{value}")), default)).Reason);
    }

    /// <summary>Readers see the old file or the new one.</summary>
    [Fact]
    public async Task A_reader_never_sees_a_mixture_of_a_pair()
    {
        var call = Call("pair.json", "{ \"user\": \"u0\", \"password\": \"u0\" }", ("user", "{username}"), ("password", "{value}"));
        var path = _folder.File("pair.json");
        using var stop = new CancellationTokenSource();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reading = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                var pair = JsonNode.Parse(File.ReadAllText(path))!;
                Assert.Equal((string?)pair["user"], (string?)pair["password"]);
                begun.TrySetResult();
            }
        });
        await Task.WhenAny(begun.Task, reading);
        for (var i = 1; i <= 60; i++)
        {
            Assert.True((await DeliverAsync(call, $"u{i}", $"u{i}")).Succeeded);
        }

        await stop.CancelAsync();
        await reading;
    }

    private static DeliveredValues Values(SecretValue value, string? username) =>
        new(new DeliveredCredential(value, username, Fingerprint.Of(value, "00ff")), null, "00ff");

    private async Task<StepOutcome> DeliverAsync(ProviderCall call, string text, string? username = null)
    {
        using var value = SecretValue.FromText(text);
        return await _provider.DeliverAsync(call, Values(value, username), default);
    }

    private async Task<StepOutcome> ConfirmAsync(ProviderCall call, string text)
    {
        using var value = SecretValue.FromText(text);
        return await _provider.ConfirmAsync(call, Values(value, null), default);
    }

    private string Read(string file) => File.ReadAllText(_folder.File(file));

    private ProviderCall Call(string file, string? text, params (string Path, string Template)[] keys)
    {
        if (text is not null)
        {
            File.WriteAllText(_folder.File(file), text);
        }

        return new(
            new ProviderSettings(
                new JsonObject
                {
                    ["path"] = _folder.File(file),
                    ["keys"] = new JsonObject([.. keys.Select(key => KeyValuePair.Create(key.Path, (JsonNode?)key.Template))]),
                },
                new FixedReferences(new Dictionary<string, string>())),
            "app", "app-1", 1, 1, TimeProvider.System);
    }
}
