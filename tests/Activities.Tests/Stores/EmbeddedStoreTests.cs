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

    /// <summary>The process dies at each commit of a re-keying in turn, before it or after it, and another one goes on.</summary>
    [Theory]
    [InlineData("store.commit.before")]
    [InlineData("store.commit.after")]
    public async Task Rekeying_goes_on_wherever_it_was_cut_off_and_keeps_every_value(string at)
    {
        const int Values = 120;
        var references = await FillAsync(Values);
        string oldId;
        using (var first = Open())
        {
            oldId = first.KeyId;
        }

        var (cuts, done) = (0, false);
        while (!done)
        {
            using var store = Open();
            if (cuts > 0 && !store.IsRekeying)
            {
                // Cut off after its last commit: the start finished it.
                break;
            }

            var commits = 0;
            // The first commit of this process that it does not live to see the end of.
            _crashes.Handler = point => Crash(point == at && ++commits == 1, point);
            try
            {
                done = (await store.RekeyAsync(default)).IsDone;
            }
            catch (SimulatedCrashException)
            {
                cuts++;
                _crashes.Handler = null;
                Assert.Equal(Values, await CountAsync(store, references));
                // A cut before a commit leaves no trace of the slice: let one through.
                done = at == "store.commit.before" && (await store.RekeyAsync(default)).IsDone;
            }

            _crashes.Handler = null;
            Assert.Equal(Values, await CountAsync(store, references));
        }

        using var reopened = Open();
        Assert.NotEqual(oldId, reopened.KeyId);
        Assert.False(reopened.IsRekeying);
        Assert.True(cuts >= 2, $"It was cut off {cuts} times.");
        Assert.Equal(Values, await CountAsync(reopened, references));
        Assert.False(File.Exists(_folder.File("master.key.next")));
    }

    [Fact]
    public async Task The_old_key_stays_until_every_value_is_under_the_new_one_and_values_are_made_meanwhile()
    {
        var references = await FillAsync(70);
        using var store = Open();
        var (oldId, oldFile) = (store.KeyId, await File.ReadAllTextAsync(_folder.File("master.key")));

        var half = await store.RekeyAsync(default);

        Assert.Equal((false, 50L, 70L, oldId), (half.IsDone, half.Moved, half.Total, half.OldKeyId));
        Assert.Equal(oldFile, await File.ReadAllTextAsync(_folder.File("master.key")));
        using var fresh = SecretValue.FromText("made meanwhile");
        references.Add(await store.PutPendingAsync("new", "n", fresh, default));
        await store.CheckAsync(default);
        Assert.Equal(71, await CountAsync(store, references, "made meanwhile"));

        var whole = await store.RekeyAsync(default);

        Assert.Equal((true, 71L, whole.NewKeyId), (whole.IsDone, whole.Moved, store.KeyId));
        Assert.Equal(half.NewKeyId, whole.NewKeyId);
        Assert.NotEqual(oldFile, await File.ReadAllTextAsync(_folder.File("master.key")));
        Assert.Equal(71, await CountAsync(store, references, "made meanwhile"));
        using var raw = SqliteFile.Open(_folder.File("secrets.db"));
        Assert.Equal(0L, raw.Scalar("SELECT COUNT(*) FROM versions WHERE key_id = $old", ("$old", oldId)));
    }

    [Fact]
    public async Task A_key_from_the_environment_is_replaced_by_the_one_that_the_next_start_gives()
    {
        var (old, fresh) = (new string('1', 64), new string('2', 64));
        SecretRef reference;
        using (var store = Open(old))
        {
            using var value = SecretValue.FromText(Plain);
            reference = await store.PutPendingAsync("app", "a", value, default);
            var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.RekeyAsync(default));
            Assert.Contains("ROTUNDA_MASTER_KEY_PREVIOUS", refused.Message);
        }

        using (var store = Open(fresh, old))
        {
            Assert.True(store.IsRekeying);
            Assert.Equal(1, await CountAsync(store, [reference]));
            Assert.True((await store.RekeyAsync(default)).IsDone);
            Assert.Equal(1, await CountAsync(store, [reference]));
            // With both still set there is nothing to go back to.
            await Assert.ThrowsAsync<StoreUnavailableException>(() => store.RekeyAsync(default));
        }

        using var last = Open(fresh);
        Assert.Equal(1, await CountAsync(last, [reference]));
    }

    private async Task<List<SecretRef>> FillAsync(int values)
    {
        using var store = Open();
        using var value = SecretValue.FromText(Plain);
        var references = new List<SecretRef>();
        for (var index = 0; index < values; index++)
        {
            references.Add(await store.PutPendingAsync($"app-{index:000}", "a", value, default));
        }

        return references;
    }

    /// <summary>How many of them read back as they were stored.</summary>
    private static async Task<int> CountAsync(EmbeddedStore store, IEnumerable<SecretRef> references, string? other = null)
    {
        var count = 0;
        foreach (var reference in references)
        {
            using var value = await store.GetAsync(reference, default);
            count += value.RevealText() is var text && (text == Plain || text == other) ? 1 : 0;
        }

        return count;
    }

    private static void Crash(bool now, string point)
    {
        if (now)
        {
            throw new SimulatedCrashException(point);
        }
    }

    private EmbeddedStore Open(string? key = null, string? previous = null) =>
        new(_folder.Path, key, new ManualTimeProvider(), _crashes, previous);
}
