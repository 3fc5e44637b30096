using Rotunda.Files;
using Rotunda.Providers.Contract;
using Rotunda.Providers.References;
using Rotunda.Providers.Registry;
using Rotunda.Providers.Stores.Embedded;
using Rotunda.Rotation.Words;
using Rotunda.Testing.Time;

namespace Rotunda.Activities.Tests.Stores;

public sealed class ReferenceResolverTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly EmbeddedStore _store;
    private readonly ReferenceResolver _references;

    public ReferenceResolverTests()
    {
        _store = new EmbeddedStore(_folder.Path, null, new ManualTimeProvider(), new CrashPoints());
        _references = new ReferenceResolver(
            new StoreRegistry([_store], new ProviderRegistry([]), TimeProvider.System),
            _folder.Path,
            name => name == "TOKEN" ? "from-env" : name.StartsWith("ROTUNDA_", StringComparison.Ordinal) ? "own" : null,
            dataDirectory: _folder.Path);
        File.WriteAllText(_folder.File("token"), "from-file\n\n");
        File.WriteAllText(_folder.File(".env"), "# A=no\nexport A = one\nB='two # 2'\nC=\"th'ree\n4\"\nD: 1\nA=last # why\n");
    }

    [Theory]
    [InlineData("env:ROTUNDA_MASTER_KEY")]
    [InlineData("env:ROTUNDA_TOKEN")]
    [InlineData("file:master.key")]
    [InlineData("file:./x/../master.key")]
    [InlineData("file:link")]
    [InlineData("file:away/master.key")]
    [InlineData("file:cli-token")]
    [InlineData("file:/proc/self/environ")]
    [InlineData("file:/proc/self/environ#ROTUNDA_MASTER_KEY")]
    [InlineData("file:secrets.db-wal")]
    public async Task Rotunda_s_own_keys_are_not_given_away(string reference)
    {
        File.CreateSymbolicLink(_folder.File("link"), "master.key");
        Directory.CreateSymbolicLink(_folder.File("away"), _folder.Path);

        var refused = await Assert.ThrowsAsync<ReferenceUnresolvedException>(() => _references.ResolveAsync(reference, default));

        Assert.Contains("Rotunda's own key", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_variable_of_the_family_is_a_reference_like_any()
    {
        using var value = await _references.ResolveAsync("env:ROTUNDA_PG_ADMIN", default);

        Assert.Equal("own", value.RevealText());
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("env:TOKEN", "from-env")]
    [InlineData("file:token", "from-file\n")]
    [InlineData("file:.env#A", "last")]
    [InlineData("file:.env#B", "two # 2")]
    [InlineData("file:.env#C", "th'ree\n4")]
    public async Task A_reference_leads_to_its_value(string reference, string expected)
    {
        using var value = await _references.ResolveAsync(reference, default);
        Assert.Equal(expected, value.RevealText());
    }

    [Fact]
    public async Task A_named_pipe_is_no_file_to_read_a_value_from()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs mkfifo");
        using var made = System.Diagnostics.Process.Start("mkfifo", [_folder.File("pipe")]);
        await made.WaitForExitAsync();
        foreach (var reference in new[] { "file:pipe", "file:pipe#KEY" })
        {
            var refusal = await Assert.ThrowsAsync<ReferenceUnresolvedException>(() => _references.ResolveAsync(reference, default));
            Assert.Contains("no file but a pipe", refusal.Message);
        }
    }

    [Fact]
    public async Task A_store_reference_leads_to_the_current_version()
    {
        using var value = SecretValue.FromText("stored");
        var pending = await _store.PutPendingAsync("app", "x", value, default);
        await Assert.ThrowsAsync<ReferenceUnresolvedException>(() => _references.ResolveAsync("store:app", default));
        await _store.PromoteAsync(pending, default);
        using var found = await _references.ResolveAsync("store:app", default);
        Assert.True(found.ValueEquals(value));
    }

    [Theory]
    [InlineData("env:NOTHING", "NOTHING")]
    [InlineData("file:nothing", "there is no file")]
    [InlineData("file:.env#Z", "no value for Z")]
    [InlineData("file:.env#D", "D on line 6 of the file alike")]
    [InlineData("key-vault:x", "not available in this head")]
    [InlineData("a-literal-by-mistake", "Write one of env:NAME")]
    public async Task A_reference_that_leads_nowhere_says_why(string reference, string expected)
    {
        var message = (await Assert.ThrowsAsync<ReferenceUnresolvedException>(() => _references.ResolveAsync(reference, default))).Message;
        Assert.Contains(expected, message);
        Assert.DoesNotContain("literal-by-mistake", message);
    }
}
