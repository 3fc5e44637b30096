using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;
using Rotunda.Testing.Time;

namespace Rotunda.Activities.Tests.Providers.HashiCorpVault;

public sealed class VaultStoreTests : IAsyncLifetime
{
    private const string Path = "apps/rotunda/orders";
    private readonly ManualTimeProvider _time = new();
    private VaultEnvironment _environment = null!;

    private VaultFake Fake => _environment.Fake;

    private IOpenStore Provider => (IOpenStore)_environment.Provider;

    public async ValueTask InitializeAsync() => _environment = await VaultEnvironment.StartAsync("approle");

    public async ValueTask DisposeAsync()
    {
        _environment.Vendor.AssertClean();
        await _environment.DisposeAsync();
    }

    [Fact]
    public async Task Readers_see_the_current_value_only_and_their_other_keys_stay()
    {
        Fake.Put(Path, new JsonObject { ["value"] = "by hand", ["HOST"] = "db" });
        var pending = await PutAsync("orders-3", "new");
        Assert.Equal("by hand", (string)Fake.Reader(Path)!["value"]!);
        await Store().PromoteAsync(pending, default);
        Assert.Equal("""{"value":"new","HOST":"db","rotunda_version":"orders-3.1"}""", Fake.Reader(Path)!.ToJsonString());
        Assert.Equal(
            """{"rotunda_version":"orders-3.1","rotunda_owner":"orders-3","rotunda_fingerprint":"0a1b2c3d4e5f"}""",
            Fake.Secrets[Path].Custom!.ToJsonString());
        Assert.Equal("orders-3.1", pending.Version);
    }

    [Fact]
    public async Task A_value_that_is_no_text_is_base64_for_readers_and_says_so()
    {
        using var value = SecretValue.FromBytes([0xff, 0xfe, 0]);
        var pending = await Store().PutPendingAsync("orders", "orders-1", value, default);
        await Store().PromoteAsync(pending, default);
        Assert.Equal(("//4A", "base64"), ((string)Fake.Reader(Path)!["value"]!, (string)Fake.Reader(Path)!["encoding"]!));
        await Store().PromoteAsync(await PutAsync("orders-2", "text"), default);
        Assert.False(Fake.Reader(Path)!.ContainsKey("encoding"));
    }

    [Fact]
    public async Task A_discarded_value_is_gone_from_the_readers_history_too()
    {
        var old = await PutAsync("orders-1", "the-old-value");
        var fresh = await PutAsync("orders-2", "the-new-value");
        foreach (var one in new[] { old, fresh, old, fresh })
        {
            await Store().PromoteAsync(one, default);
        }

        await Store().DiscardAsync(old, default);
        Assert.DoesNotContain("the-old-value", Fake.Kept());
        Assert.Equal("the-new-value", (string)Fake.Reader(Path)!["value"]!);
    }

    [Fact]
    public async Task No_value_that_is_needed_is_pruned_however_few_versions_the_mount_keeps()
    {
        Fake.MaxVersions = 1;
        var all = new List<SecretRef>();
        for (var number = 1; number <= 5; number++)
        {
            all.Add(await PutAsync($"orders-{number}", $"value {number}"));
            await Store().PromoteAsync(all[^1], default);
        }

        all.Add(await PutAsync("orders-5", "another value of the same owner"));
        for (var number = 1; number <= 5; number++)
        {
            using var value = await Store().GetAsync(all[number - 1], default);
            Assert.Equal($"value {number}", value.RevealText());
        }
    }

    [Fact]
    public async Task Of_two_writers_one_wins_and_the_other_finds_its_value()
    {
        var others = 0;
        Fake.BeforeWrite = path =>
        {
            if (path.Contains("-pending/", StringComparison.Ordinal) && others++ == 0)
            {
                Fake.Put(path, new JsonObject { ["rotunda_owner"] = "orders-1", ["value"] = "same" });
            }
        };
        Assert.Equal("orders-1.1", (await PutAsync("orders-1", "same")).Version);
        others = 0;
        Fake.BeforeWrite = path =>
        {
            if (others++ == 0)
            {
                Fake.Put(path, new JsonObject { ["rotunda_owner"] = "orders-2", ["value"] = "theirs" });
            }
        };
        Assert.Equal("orders-2.2", (await PutAsync("orders-2", "ours")).Version);
    }

    [Fact]
    public async Task A_promotion_beside_another_writer_keeps_what_they_wrote()
    {
        var pending = await PutAsync("orders-1", "new");
        var others = 0;
        Fake.BeforeWrite = path =>
        {
            if (path == Path && others++ < 2)
            {
                Fake.Put(path, new JsonObject { [$"KEY{others}"] = "theirs", ["KEY1"] = "theirs" });
            }
        };
        await Store().PromoteAsync(pending, default);
        Assert.Equal(["KEY1", "KEY2", "rotunda_version", "value"], Fake.Reader(Path)!.Select(p => p.Key).Order(StringComparer.Ordinal));
        var next = await PutAsync("orders-2", "newer");
        Fake.BeforeWrite = path => Fake.Put(path, new JsonObject { ["always"] = "theirs" });
        Assert.Contains("Others keep writing", (await FailsAsync(() => Store().PromoteAsync(next, default))).Message);
    }

    [Fact]
    public async Task Deleted_and_destroyed_are_told_apart()
    {
        var pending = await PutAsync("orders-1", "new");
        await Store().PromoteAsync(pending, default);
        var own = Fake.Secrets[$"{Path}-pending/orders-1.1"].Newest;
        own.DeletedAt = "2026-01-01T00:00:00Z";
        Assert.Contains(
            "vault kv undelete -mount=team/kv -versions=1 apps/rotunda/orders-pending/orders-1.1",
            (await FailsAsync(() => Store().GetAsync(pending, default))).Message);
        (own.DeletedAt, own.Destroyed) = (null, true);
        await Assert.ThrowsAsync<SecretNotFoundException>(() => Store().GetAsync(pending, default));
        Fake.Secrets[Path].Newest.DeletedAt = "2026-01-01T00:00:00Z";
        Assert.Contains(
            $"vault kv undelete -mount=team/kv -versions=1 {Path}",
            (await FailsAsync(() => Store().CurrentAsync("orders", default))).Message);
    }

    [Fact]
    public async Task A_mount_that_deletes_by_itself_is_refused()
    {
        Fake.DeleteVersionAfter = "720h0m0s";
        Assert.Contains("team/kv/config delete_version_after=0s", (await FailsAsync(() => Store().CheckAsync(default))).Message);
        Assert.Contains("Vault will delete", (await FailsAsync(() => PutAsync("orders-1", "x"))).Message);
    }

    [Fact]
    public async Task A_check_says_which_rights_are_missing()
    {
        Fake.Forbidden.Add("update team/kv/destroy/apps/rotunda/rotunda-check");
        Fake.Forbidden.Add("patch team/kv/metadata/apps/rotunda/rotunda-check");
        var message = (await FailsAsync(() => Store().CheckAsync(default))).Message;
        Assert.Contains(
            "update on team/kv/destroy/apps/rotunda/rotunda-check; patch on team/kv/metadata/apps/rotunda/rotunda-check",
            message);
    }

    [Fact]
    public async Task One_login_serves_until_shortly_before_its_lease_ends()
    {
        Fake.Lease = 600;
        await Store().CheckAsync(default);
        await Store().CheckAsync(default);
        Assert.Equal(1, Fake.Logins);
        _time.Advance(TimeSpan.FromSeconds(539));
        await Store().CheckAsync(default);
        Assert.Equal(1, Fake.Logins);
        _time.Advance(TimeSpan.FromSeconds(2));
        await Store().CheckAsync(default);
        Assert.Equal(2, Fake.Logins);
    }

    [Fact]
    public async Task A_kept_token_that_is_refused_is_replaced_once()
    {
        await Store().CheckAsync(default);
        Fake.RevokeTokens();
        await Store().CheckAsync(default);
        Assert.Equal(2, Fake.Logins);
        Fake.Forbidden.Add($"GET /v1/{VaultFake.Mount}/config");
        Assert.Contains("HTTP 403", (await FailsAsync(() => Store().CheckAsync(default))).Message);
        Assert.Equal(3, Fake.Logins);
    }

    [Fact]
    public async Task A_standby_that_is_behind_is_not_believed()
    {
        Fake.TellsIndex = true;
        var pending = await PutAsync("orders-1", "new");
        Fake.IsBehind = true;
        Assert.Contains("not caught up", (await FailsAsync(() => Store().GetAsync(pending, default))).Message);
        Fake.IsBehind = false;
        await Store().PromoteAsync(pending, default);
    }

    [Fact]
    public async Task What_someone_changed_by_hand_is_not_passed_off_as_a_value()
    {
        var pending = await PutAsync("orders-1", "new");
        Fake.Put($"{Path}-pending/orders-1.1", new JsonObject { ["other"] = "thing" });
        Assert.Contains("is not as Rotunda wrote it", (await FailsAsync(() => Store().GetAsync(pending, default))).Message);
    }

    private ISecretStore Store() => Provider.Open("main", _environment.Call().Settings, _time);

    [Fact]
    public async Task A_capture_is_taken_away_whole_and_without_the_right_to_do_so_only_its_value()
    {
        using var value = SecretValue.FromText("what stood there");
        foreach (var mayForget in new[] { true, false })
        {
            var name = $"orders-capture-{(mayForget ? 1 : 2)}-0a1b2c3d";
            var kept = await Store().PutPendingAsync(name, "capture:orders-1:env", value, null, default);
            var path = Assert.Single(Fake.Secrets.Keys, key => key.Contains(name, StringComparison.Ordinal));
            if (!mayForget)
            {
                Fake.Forbidden.Add($"DELETE /v1/{VaultFake.Mount}/metadata/{path}");
            }

            await Store().DropAsync(kept, default);
            await Store().DropAsync(kept, default);
            Assert.Equal(mayForget, !Fake.Secrets.ContainsKey(path));
            Assert.DoesNotContain("what stood there", Fake.Kept());
        }
    }

    private async Task<SecretRef> PutAsync(string owner, string text)
    {
        using var value = SecretValue.FromText(text);
        return await Store().PutPendingAsync("orders", owner, value, "0a1b2c3d4e5f", default);
    }

    private static Task<StoreUnavailableException> FailsAsync(Func<Task> work) => Assert.ThrowsAsync<StoreUnavailableException>(work);
}
