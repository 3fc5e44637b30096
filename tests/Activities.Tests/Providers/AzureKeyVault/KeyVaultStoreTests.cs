using System.Diagnostics.Tracing;
using System.Text.Json.Nodes;
using Azure.Core.Diagnostics;
using Azure.Identity;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Stores.AzureKeyVault;
using Rotunda.Providers.Stores.Head;
using Rotunda.Rotation.Words;
using Rotunda.Testing.Time;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Activities.Tests.Providers.AzureKeyVault;

public sealed class KeyVaultStoreTests : IAsyncLifetime
{
    private const string Readers = "rotunda-orders";
    private const string Pending = "rotunda-orders-pending";
    private readonly ManualTimeProvider _time = new();
    private KeyVaultEnvironment _environment = null!;

    private KeyVaultFake Fake => _environment.Fake;

    public async ValueTask InitializeAsync() => _environment = await KeyVaultEnvironment.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _environment.Vendor.AssertClean();
        await _environment.DisposeAsync();
    }

    [Fact]
    public async Task A_first_call_asks_without_a_token_and_without_the_value_and_logs_in_as_the_challenge_says()
    {
        await PutAsync("orders-1", "the-new-value");
        Assert.Equal(1, Fake.Challenges);
        Assert.Equal(1, _environment.Tokens.Given);
        await PutAsync("orders-2", "another");
        Assert.Equal((1, 1), (Fake.Challenges, _environment.Tokens.Given));
    }

    [Fact]
    public async Task A_challenge_of_another_domain_gets_no_token()
    {
        var store = Open(_environment.Clients(verify: true));
        Assert.Contains("asks for a token of another domain", (await FailsAsync(() => store.CurrentAsync("orders", default))).Message);
        Assert.Equal(0, _environment.Tokens.Given);
    }

    [Fact]
    public async Task Readers_get_the_current_value_as_the_newest_version_with_their_tags()
    {
        Fake.Put(Readers, "by hand", new JsonObject { ["team"] = "orders" });
        var pending = await PutAsync("orders-3", "new");
        Assert.Equal("by hand", Fake.Reader(Readers)!.Value);
        await Open(expires: "30d").PromoteAsync(pending, default);
        var current = Fake.Reader(Readers)!;
        Assert.Equal("new", current.Value);
        Assert.Equal(
            new JsonObject
            {
                ["team"] = "orders",
                ["rotunda-version"] = pending.Version,
                ["rotunda-owner"] = "orders-3",
                ["rotunda-fingerprint"] = "0a1b2c3d4e5f",
            }.ToJsonString(),
            current.Tags!.ToJsonString());
        Assert.Equal((_time.GetUtcNow() + TimeSpan.FromDays(30)).ToUnixTimeSeconds(), current.Expires);
        Assert.Equal(
            """{"rotunda-owner":"orders-3","rotunda-number":"1","rotunda-fingerprint":"0a1b2c3d4e5f"}""",
            Fake.Reader(Pending)!.Tags!.ToJsonString());
    }

    [Fact]
    public async Task A_discarded_value_is_disabled_wherever_it_is_and_readers_of_the_newest_keep_theirs()
    {
        var old = await PutAsync("orders-1", "the-old-value");
        var fresh = await PutAsync("orders-2", "the-new-value");
        foreach (var one in new[] { old, fresh, old, fresh })
        {
            await Open().PromoteAsync(one, default);
        }

        await Open().DiscardAsync(old, default);
        Assert.All(Fake.Secrets.SelectMany(s => s.Value).Where(v => v.Value == "the-old-value"), version =>
        {
            Assert.False(version.Enabled);
            Assert.True(version.Tags!.ContainsKey("rotunda-discarded"));
        });
        Assert.Equal("the-new-value", Fake.Reader(Readers)!.Value);
    }

    [Fact]
    public async Task All_pages_of_versions_are_looked_through()
    {
        var all = new List<SecretRef>();
        for (var number = 1; number <= 7; number++)
        {
            all.Add(await PutAsync($"orders-{number}", $"value {number}"));
        }

        for (var number = 1; number <= 7; number++)
        {
            Assert.Equal(all[number - 1], await Open().FindAsync("orders", $"orders-{number}", default));
        }
    }

    [Theory]
    [InlineData("ObjectIsDeletedButRecoverable", "az keyvault secret recover --vault-name 127 --name rotunda-orders-pending")]
    [InlineData("ObjectIsBeingDeleted", "is being deleted: recover it or choose another name")]
    [InlineData("ObjectIsBeingRecovered", "is being recovered just now")]
    public async Task The_name_of_a_deleted_secret_is_taken_and_the_error_says_what_to_do(string state, string expected)
    {
        Fake.Deleted[Pending] = state;
        var message = (await FailsAsync(() => PutAsync("orders-1", "canary-5f1e"))).Message;
        Assert.Contains(expected, message);
        Assert.DoesNotContain("canary", message);
    }

    [Fact]
    public async Task Disabled_by_hand_and_discarded_are_told_apart()
    {
        var pending = await PutAsync("orders-1", "new");
        await Open().PromoteAsync(pending, default);
        Fake.Secrets[Pending][0].Enabled = false;
        Assert.Contains(
            "is disabled in Key Vault, but not by Rotunda",
            (await FailsAsync(() => Open().GetAsync(pending, default))).Message);
        Fake.Secrets[Readers][0].Enabled = false;
        Assert.Contains("readers get nothing: enable it", (await FailsAsync(() => Open().CurrentAsync("orders", default))).Message);
    }

    [Fact]
    public async Task What_key_vault_does_not_take_is_refused_before_it_is_sent()
    {
        await Open().CheckAsync(default);
        _environment.Vendor.Forget();
        Assert.Contains("larger than the 25 KB", (await FailsAsync(() => PutAsync("orders-1", new string('x', 25 * 1024 + 1)))).Message);
        Assert.DoesNotContain(_environment.Vendor.Requests, request => request.StartsWith("PUT", StringComparison.Ordinal));
        Assert.Contains(
            "cannot be the name of a secret in Key Vault",
            (await FailsAsync(() => Open().CurrentAsync("a/b", default))).Message);
        Assert.Contains("cannot be the name", (await FailsAsync(() => Open().FindAsync(new string('n', 115), "x", default))).Message);
    }

    [Fact]
    public async Task Throttling_is_passed_on_with_the_vault_s_own_wish()
    {
        await Open().CheckAsync(default);
        _environment.Vendor.Forget();
        _environment.Vendor.FailAt(0, FakeFault.Refuse(429, 17));
        var failure = await FailsAsync(() => Open().CurrentAsync("orders", default));
        Assert.Equal(TimeSpan.FromSeconds(17), failure.RetryAfter);
        // And not tried again here.
        Assert.Single(_environment.Vendor.Requests);
    }

    [Theory]
    [InlineData("ForbiddenByRbac", "see the permissions in the provider's page")]
    [InlineData("ForbiddenByFirewall", "firewall does not let this machine in")]
    public async Task A_refusal_says_what_to_do(string inner, string expected)
    {
        Fake.Refuses = inner;
        Assert.Contains(expected, (await FailsAsync(() => Open().CheckAsync(default))).Message);
    }

    [Fact]
    public async Task Without_an_identity_it_says_so()
    {
        _environment.Tokens.Fails = new CredentialUnavailableException("no managed identity endpoint found\nmore");
        var message = (await FailsAsync(() => Open(_environment.Clients()).CheckAsync(default))).Message;
        Assert.Contains("workload identity, 'az login'): no managed identity endpoint found", message);
        Assert.DoesNotContain("more", message);
    }

    [Fact]
    public async Task The_sdk_s_own_log_tells_no_value_and_no_token_at_its_loudest()
    {
        var log = new System.Collections.Concurrent.ConcurrentQueue<string>();
        using (new AzureEventSourceListener((_, message) => log.Enqueue(message), EventLevel.LogAlways))
        {
            var pending = await PutAsync("orders-1", "canary-of-the-log-77d0");
            await Open().PromoteAsync(pending, default);
            (await Open().GetAsync(pending, default)).Dispose();
        }

        Assert.Contains(log, message => message.Contains("/secrets/rotunda-orders-pending", StringComparison.Ordinal));
        Assert.DoesNotContain(
            log,
            message => message.Contains("canary-of-the-log", StringComparison.Ordinal)
                || message.Contains(KeyVaultFake.Token, StringComparison.Ordinal));
    }

    private static HeadStoreOptions HeadAt(string? vault) =>
        new(DataDirectory: null, name => name == HeadStoreOptions.KeyVaultVariable ? vault : null);

    [Fact]
    public async Task A_reference_leads_to_the_newest_version_in_the_head_s_vault()
    {
        var head = new HeadVault(_environment.Clients(), HeadAt(_environment.Vendor.Address), TimeProvider.System);
        Fake.Put("api-token", "old");
        Fake.Put("api-token", "new");
        using var value = await head.ReadAsync("key-vault:api-token", "api-token", default);
        Assert.Equal("new", value.RevealText());
        Assert.Contains("has no secret 'nothing'", (await UnresolvedAsync(head, "nothing")).Message);
        Fake.Secrets["api-token"][^1].Enabled = false;
        Assert.Contains("newest version is disabled", (await UnresolvedAsync(head, "api-token")).Message);
        Fake.Refuses = "ForbiddenByRbac";
        Assert.Contains("permissions", (await UnresolvedAsync(head, "api-token")).Message);
        Assert.Contains(
            "ROTUNDA_KEY_VAULT_URI",
            (await UnresolvedAsync(new HeadVault(_environment.Clients(), HeadAt(null), TimeProvider.System), "api-token")).Message);
        Fake.Refuses = null;
        _environment.Vendor.FailAt(0, FakeFault.Refuse(503, 9));
        var later = await Assert.ThrowsAnyAsync<OutcomeException>(() => head.ReadAsync("key-vault:api-token", "api-token", default));
        Assert.Equal((StepOutcomeKind.RetryLater, TimeSpan.FromSeconds(9)), (later.Outcome.Kind, later.Outcome.RetryAfter));
    }

    [Theory]
    [InlineData("https://team.vault.azure.net", "shop", "https://shop.vault.azure.net/")]
    [InlineData("https://team.vault.azure.cn", "shop-2", "https://shop-2.vault.azure.cn/")]
    [InlineData("https://team.vault.azure.net", "evil.example.com#", null)]
    [InlineData("https://team.vault.azure.net", "evil.example.com", null)]
    [InlineData("https://localhost", "shop", null)]
    public void Another_vault_is_one_of_the_same_cloud(string head, string other, string? expected)
    {
        if (expected is null)
        {
            Assert.ThrowsAny<OutcomeException>(() => HeadVault.Beside(new Uri(head), other));
        }
        else
        {
            Assert.Equal(expected, HeadVault.Beside(new Uri(head), other).AbsoluteUri);
        }
    }

    [Fact]
    public async Task The_way_back_of_a_target_brings_content_type_expiry_and_tags_back()
    {
        var target = (IDeliverValues)_environment.Provider;
        using var captured = await target.CaptureAsync(_environment.Call(), default);
        using var value = SecretValue.FromText("one");
        await target.DeliverAsync(_environment.Call(), new(new(value, "app", "f00d"), null, "salt"), default);
        var delivered = Fake.Reader("shop-key")!;
        Assert.Equal(
            ("key:one", "text/plain", "conformance-1", "f00d"),
            (
                delivered.Value,
                delivered.ContentType,
                (string?)delivered.Tags!["rotunda-rotation"],
                (string?)delivered.Tags["rotunda-fingerprint"]));
        Assert.Equal("shop", (string?)delivered.Tags["team"]);
        await target.RestoreAsync(_environment.Call(), captured, default);
        var restored = Fake.Reader("shop-key")!;
        Assert.Equal(
            ("before", "text/plain", 1999999999L, """{"team":"shop"}"""),
            (restored.Value, restored.ContentType, restored.Expires, restored.Tags!.ToJsonString()));
    }

    [Fact]
    public async Task A_target_that_was_not_there_gives_its_readers_nothing_again()
    {
        Fake.Secrets.Clear();
        var target = (IDeliverValues)_environment.Provider;
        Assert.Null(await target.CaptureAsync(_environment.Call(), default));
        for (var round = 0; round < 2; round++)
        {
            using var value = SecretValue.FromText("one");
            Assert.Equal(
                StepOutcomeKind.Done,
                (await target.DeliverAsync(_environment.Call(), new(new(value, "app", "f00d"), null, "salt"), default)).Kind);
            Assert.True((await target.RestoreAsync(_environment.Call(), null, default)).Succeeded);
            Assert.Null(Fake.Reader("shop-key"));
        }
    }

    [Theory]
    [InlineData(false, null, false, false)]
    [InlineData(true, null, false, true)]
    [InlineData(false, "ForbiddenByRbac", true, false)]
    public async Task What_stood_at_a_target_is_deleted_and_purged_where_that_is_allowed(
        bool slowly,
        string? refused,
        bool isThere,
        bool isDeleted)
    {
        const string Name = "orders-capture-3-0a1b2c3d";
        using var value = SecretValue.FromText("what stood there");
        var kept = await Open().PutPendingAsync(Name, "capture:orders-3:env", value, null, default);
        (Fake.DeletesSlowly, Fake.RefusesDeleting) = (slowly, refused);

        await Open().DropAsync(kept, default);

        Assert.Equal(
            (isThere, isDeleted),
            (Fake.Secrets.ContainsKey($"rotunda-{Name}-pending"), Fake.Deleted.ContainsKey($"rotunda-{Name}-pending")));
        Assert.DoesNotContain(Fake.Secrets.SelectMany(s => s.Value), version => version.Enabled && version.Value == "what stood there");
        await Assert.ThrowsAsync<SecretNotFoundException>(() => Open().GetAsync(kept, default));

        // Once the vault is done, the next look takes away what is left.
        Fake.Deleted.Keys.ToList().ForEach(name => Fake.Deleted[name] = "ObjectIsDeletedButRecoverable");
        await Open().DropAsync(kept, default);
        Assert.Empty(Fake.Deleted);
    }

    [Fact]
    public async Task A_secret_with_as_many_tags_as_the_vault_takes_is_refused_before_anything_is_written()
    {
        Fake.Put(Readers, "by hand", Tags(15));
        var before = Fake.Secrets[Readers].Count;
        Assert.Contains("rotunda-orders has 15 tags of its own", (await FailsAsync(() => Open().CheckAsync("orders", default))).Message);
        var pending = await PutAsync("orders-1", "new");
        Assert.Contains("Take one away", (await FailsAsync(() => Open().PromoteAsync(pending, default))).Message);
        Assert.Equal(before, Fake.Secrets[Readers].Count);

        Fake.Secrets[Readers][^1].Tags = Tags(14);
        await Open().CheckAsync("orders", default);
        await Open().PromoteAsync(pending, default);
        Assert.Equal(pending, await Open().CurrentAsync("orders", default));
        Assert.Equal(15, Fake.Reader(Readers)!.Tags!.Count);
    }

    [Fact]
    public async Task A_name_whose_captures_would_be_too_long_is_refused_before_a_rotation_begins() =>
        Assert.Contains("cannot be the name", (await FailsAsync(() => Open().CheckAsync(new string('n', 90), default))).Message);

    [Theory]
    [InlineData(13, 15)]
    [InlineData(15, 15)]
    public async Task A_target_keeps_its_tags_and_gets_ours_as_far_as_there_is_room(int theirs, int expected)
    {
        Fake.Put("shop-key", "before", Tags(theirs));
        var target = (IDeliverValues)_environment.Provider;
        for (var round = 1; round <= 2; round++)
        {
            using var value = SecretValue.FromText($"value {round}");
            Assert.Equal(
                StepOutcomeKind.Done,
                (await target.DeliverAsync(_environment.Call(), new(new(value, "app", "f00d"), null, "salt"), default)).Kind);
            Assert.Equal(expected, Fake.Reader("shop-key")!.Tags!.Count);
        }
    }

    [Theory]
    [InlineData(null, 1999999999L - 1767323045L, null)]
    [InlineData(1900000000L, 1999999999L - 1900000000L, 0L)]
    public async Task A_new_value_at_a_target_lives_as_long_as_the_one_before_was_made_for(long? notBefore, long lives, long? from)
    {
        Fake.Reader("shop-key")!.NotBefore = notBefore;
        var delivered = await DeliveredAsync(null);
        Assert.Equal(
            (_time.GetUtcNow().ToUnixTimeSeconds() + lives, _time.GetUtcNow().ToUnixTimeSeconds() + from),
            (delivered.Expires, delivered.NotBefore));
    }

    [Fact]
    public async Task A_target_s_values_expire_as_the_catalog_says_or_not_at_all()
    {
        Assert.Equal((_time.GetUtcNow() + TimeSpan.FromDays(30)).ToUnixTimeSeconds(), (await DeliveredAsync("30d")).Expires);
        Fake.Put("shop-key", "does not expire");
        Assert.Null((await DeliveredAsync(null)).Expires);
    }

    [Theory]
    [InlineData("""{"id":7,"value":{}}""")]
    [InlineData("""{"value":"x","id":"no address","attributes":[]}""")]
    [InlineData("""{"value":"x"}""")]
    public async Task A_set_that_is_answered_strangely_may_have_happened(string answer)
    {
        Fake.StrangeAnswer = (JsonObject)JsonNode.Parse(answer)!;
        using var value = SecretValue.FromText("one");
        var outcome = await ((IDeliverValues)_environment.Provider).DeliverAsync(
            _environment.Call(),
            new(new(value, "app", "f00d"), null, "salt"),
            default);
        Assert.Equal("key:one", Fake.Reader("shop-key")!.Value);
        Assert.True(outcome.Kind == StepOutcomeKind.Unknown, $"{outcome.Kind}: {outcome.Reason}");
    }

    private async Task<StoredVersion> DeliveredAsync(string? expires)
    {
        using var value = SecretValue.FromText("one");
        var call = _environment.Call(settings: _environment.With(("expires", expires))) with { Time = _time };
        Assert.Equal(
            StepOutcomeKind.Done,
            (await ((IDeliverValues)_environment.Provider).DeliverAsync(call, new(new(value, "app", "f00d"), null, "salt"), default)).Kind);
        return Fake.Reader("shop-key")!;
    }

    private static JsonObject Tags(int count) =>
        new(Enumerable.Range(1, count).Select(number => KeyValuePair.Create($"tag-{number}", (JsonNode?)$"{number}")));

    private ISecretStore Open(KeyVaultClients? clients = null, string? expires = null) =>
        (clients is null ? (IOpenStore)_environment.Provider : new KeyVaultProvider(clients))
        .Open("main", _environment.Call(settings: _environment.With(("expires", expires))).Settings, _time);

    private async Task<SecretRef> PutAsync(string owner, string text)
    {
        using var value = SecretValue.FromText(text);
        return await Open().PutPendingAsync("orders", owner, value, "0a1b2c3d4e5f", default);
    }

    private static Task<ReferenceUnresolvedException> UnresolvedAsync(HeadVault head, string name) =>
        Assert.ThrowsAsync<ReferenceUnresolvedException>(() => head.ReadAsync($"key-vault:{name}", name, default));

    private static Task<StoreUnavailableException> FailsAsync(Func<Task> work) => Assert.ThrowsAsync<StoreUnavailableException>(work);
}
