using System.Text;
using Rotunda.Files;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Stores.Embedded;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.Time;

namespace Rotunda.Activities.Tests.Stores;

public sealed class EmbeddedStoreTests : IDisposable
{
    private const string Plain = "correct horse battery staple 42";
    private readonly TempFolder _folder = new();
    private readonly CrashPoints _crashes = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_value_is_pending_then_current_then_discarded()
    {
        using var store = Open();
        using var value = SecretValue.FromText(Plain);
        var first = await store.PutPendingAsync("app", "rotunda-app-1", value, default);
        Assert.Equal(first, await store.PutPendingAsync("app", "rotunda-app-1", value, default));
        using var other = SecretValue.FromText("another");
        var second = await store.PutPendingAsync("app", "rotunda-app-1", other, default);
        Assert.NotEqual(first, second);
        Assert.Equal(second, await store.FindAsync("app", "rotunda-app-1", default));
        Assert.Null(await store.CurrentAsync("app", default));

        await store.PromoteAsync(first, default);
        await store.PromoteAsync(first, default);
        Assert.Equal(first, await store.CurrentAsync("app", default));
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.DiscardAsync(first, default));
        await store.DiscardAsync(second, default);
        await store.DiscardAsync(second, default);
        await Assert.ThrowsAsync<SecretNotFoundException>(() => store.GetAsync(second, default));
        await Assert.ThrowsAsync<SecretNotFoundException>(() => store.PromoteAsync(second, default));
        Assert.Equal(first, await store.FindAsync("app", "rotunda-app-1", default));
        using var back = await store.GetAsync(first, default);
        Assert.Equal(Plain, back.RevealText());
        await store.CheckAsync(default);
    }

    [Fact]
    public async Task Keeps_the_contract_of_stores()
    {
        using var store = Open();
        await StoreContract.CheckAsync(() => store);
        using var raw = SqliteFile.Open(_folder.File("secrets.db"));
        Assert.Equal(0L, raw.Scalar("SELECT COUNT(*) FROM versions WHERE name LIKE '%-capture-%'"));
    }

    [Fact]
    public async Task No_file_holds_a_value_and_others_may_read_none()
    {
        using (var store = Open())
        {
            using var value = SecretValue.FromText(Plain);
            await store.PromoteAsync(await store.PutPendingAsync("app", "a", value, default), default);
        }

        foreach (var file in Directory.GetFiles(_folder.Path))
        {
            Assert.DoesNotContain(Plain, Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)));
            Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        }
    }

    [Fact]
    public async Task The_same_value_twice_does_not_look_the_same_and_cannot_be_moved()
    {
        using var store = Open();
        using var value = SecretValue.FromText(Plain);
        var a = await store.PutPendingAsync("app", "a", value, default);
        var b = await store.PutPendingAsync("app", "b", value, default);
        using (var raw = SqliteFile.Open(_folder.File("secrets.db")))
        {
            Assert.Equal(2L, raw.Scalar("SELECT COUNT(DISTINCT box) FROM versions"));
            raw.Run("UPDATE versions SET box = (SELECT box FROM versions WHERE version = 1) WHERE version = 2");
        }

        (await store.GetAsync(a, default)).Dispose();
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.GetAsync(b, default));
    }

    [Fact]
    public void Another_key_is_refused_and_both_ids_are_named()
    {
        var (right, wrong) = (new string('1', 64), new string('2', 64));
        Open(right).Dispose();
        var message = Assert.Throws<StoreUnavailableException>(() => Open(wrong)).Message;
        Assert.Contains(MasterKey.Parse(right, "").Id, message);
        Assert.Contains(MasterKey.Parse(wrong, "").Id, message);
        Assert.DoesNotContain(wrong, message);
    }

    [Theory]
    [InlineData("hunter2")]
    [InlineData("zz11111111111111111111111111111111111111111111111111111111111111")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAA==")]
    public void A_malformed_key_is_refused_and_not_repeated(string key) =>
        Assert.DoesNotContain(key, Assert.Throws<StoreUnavailableException>(() => Open(key)).Message);

    [Fact]
    public void A_missing_key_file_is_not_replaced()
    {
        Open().Dispose();
        File.Delete(_folder.File("master.key"));
        Assert.Contains("missing", Assert.Throws<StoreUnavailableException>(() => Open()).Message);
        Assert.False(File.Exists(_folder.File("master.key")));
    }

    [Fact]
    public void A_key_file_that_others_may_read_is_refused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        Open().Dispose();
        SetMode();
        Assert.Contains("chmod 600", Assert.Throws<StoreUnavailableException>(() => Open()).Message);
    }

    private void SetMode()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        File.SetUnixFileMode(_folder.File("master.key"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("store.commit.before")]
    [InlineData("store.commit.after")]
    public async Task Rekeying_keeps_every_value_even_if_it_is_cut_off(string? crashAt)
    {
        SecretRef reference;
        string newId;
        using (var store = Open())
        {
            using var value = SecretValue.FromText(Plain);
            reference = await store.PutPendingAsync("app", "a", value, default);
            await store.PromoteAsync(reference, default);
            using var key = MasterKey.Generate();
            newId = key.Id;
            _crashes.Handler = point => Crash(point == crashAt, point);
            try
            {
                await store.RekeyAsync(key, default);
                Assert.Equal(newId, store.KeyId);
                using var again = await store.GetAsync(reference, default);
                Assert.Equal(Plain, again.RevealText());
            }
            catch (SimulatedCrashException)
            {
                Assert.NotNull(crashAt);
            }

            _crashes.Handler = null;
        }

        using var reopened = Open();
        using var back = await reopened.GetAsync(reference, default);
        Assert.Equal(Plain, back.RevealText());
        Assert.Equal(crashAt != "store.commit.before", reopened.KeyId == newId);
    }

    private static void Crash(bool now, string point)
    {
        if (now)
        {
            throw new SimulatedCrashException(point);
        }
    }

    private EmbeddedStore Open(string? key = null) => new(_folder.Path, key, new ManualTimeProvider(), _crashes);
}
