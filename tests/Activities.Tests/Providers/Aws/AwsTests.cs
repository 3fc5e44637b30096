using System.Text.Json.Nodes;
using Rotunda.Activities.Providers;
using Rotunda.Activities.Providers.Aws;
using Rotunda.Activities.Stores;
using Rotunda.Rotation.Credentials;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Activities.Tests.Providers.Aws;

public sealed class AwsTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("""{"user":"app","OTHER":"kept"}""")]
    public async Task Conforms_as_a_target_with_keys(string? before)
    {
        await using var environment = await AwsEnvironment.StartAsync(before, keys: true);
        await ProviderConformanceSuite.RunAsync(environment);
        environment.Fake.Secrets.Values.ToList().ForEach(secret => Assert.True(secret.Deleted || secret.Versions.Last().Value.Contains("kept", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Conforms_as_a_target_with_the_whole_text()
    {
        await using var environment = await AwsEnvironment.StartAsync("the whole", keys: false);
        await ProviderConformanceSuite.RunAsync(environment);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("""{"OTHER":"kept"}""")]
    public async Task Every_call_survives_every_fault(string? before)
    {
        await using var environment = await AwsEnvironment.StartAsync(before, keys: true);
        Assert.True(await VendorFaultSuite.RunAsync(environment) > 200);
    }

    [Fact]
    public async Task It_keeps_the_contract_of_stores()
    {
        await using var environment = await AwsEnvironment.StartAsync(null, keys: true);
        await StoreContract.CheckAsync(environment.Store);
        environment.Vendor.AssertClean();
    }

    [Fact]
    public async Task A_value_is_pending_then_current_then_discarded()
    {
        await using var environment = await AwsEnvironment.StartAsync(null, keys: true);
        var store = environment.Store();
        using var first = SecretValue.FromText("first-value-0000");
        using var second = SecretValue.FromBytes([0xff, 0xfe, 0, 1, 2, 3]);

        var one = await store.PutPendingAsync("app", "rotunda-app-1", first, default);
        Assert.Equal(one, await store.PutPendingAsync("app", "rotunda-app-1", first, default));
        var two = await store.PutPendingAsync("app", "rotunda-app-1", second, default);
        Assert.NotEqual(one, two);
        Assert.Equal(two, await store.FindAsync("app", "rotunda-app-1", default));
        Assert.Null(await store.CurrentAsync("app", default));

        await store.PromoteAsync(two, default);
        await store.PromoteAsync(two, default);
        Assert.Equal(two, await store.CurrentAsync("app", default));
        using (var back = await store.GetAsync(two, default))
        {
            Assert.True(back.ValueEquals(second));
        }

        await Assert.ThrowsAsync<InvalidOperationException>(() => store.DiscardAsync(two, default));
        await store.DiscardAsync(one, default);
        await store.DiscardAsync(one, default);
        await Assert.ThrowsAsync<SecretNotFoundException>(() => store.GetAsync(one, default));
        await Assert.ThrowsAsync<SecretNotFoundException>(() => store.PromoteAsync(one, default));
        environment.Vendor.AssertClean();
    }

    [Fact]
    public async Task The_way_back_makes_the_old_version_current_again()
    {
        await using var environment = await AwsEnvironment.StartAsync(null, keys: true);
        var store = environment.Store();
        var refs = new List<SecretRef>();
        for (var number = 1; number <= 2; number++)
        {
            using var value = SecretValue.FromText($"value-number-{number}");
            refs.Add(await store.PutPendingAsync("app", $"rotunda-app-{number}", value, default));
            await store.PromoteAsync(refs[^1], default);
        }

        await store.PromoteAsync(refs[0], default);
        Assert.Equal(refs[0], await store.CurrentAsync("app", default));
        Assert.Equal("value-number-1 [AWSCURRENT,rotunda-app-1/1]; value-number-2 [AWSPREVIOUS,rotunda-app-2/1]", environment.Fake.Secrets["rotunda/app"].ToString());
    }

    [Fact]
    public async Task A_pending_label_that_a_failed_rotation_left_moves_to_the_new_version()
    {
        await using var environment = await AwsEnvironment.StartAsync(null, keys: true);
        var store = environment.Store();
        var secret = environment.Fake.Secrets["rotunda/app"] = new FakeSecret();
        foreach (var (id, label) in new[] { ("current", "AWSCURRENT"), ("left-over", "AWSPENDING") })
        {
            var version = new FakeVersion(id.PadRight(32, '-'), id, false);
            secret.Versions.Add(version);
            secret.Attach(label, version);
        }

        Assert.Equal("current".PadRight(32, '-'), (await store.CurrentAsync("app", default))!.Version);
        using var value = SecretValue.FromText("the-new-value");
        await store.PutPendingAsync("app", "rotunda-app-7", value, default);

        Assert.Equal("current [AWSCURRENT]; the-new-value [AWSPENDING,rotunda-app-7/1]", secret.ToString());
    }

    [Fact]
    public async Task A_first_value_that_is_discarded_is_not_taken_for_current()
    {
        await using var environment = await AwsEnvironment.StartAsync(null, keys: true);
        var store = environment.Store();
        using var value = SecretValue.FromText("never-promoted");
        var one = await store.PutPendingAsync("app", "rotunda-app-1", value, default);

        await store.DiscardAsync(one, default);

        Assert.Null(await store.CurrentAsync("app", default));
        Assert.Null(await store.FindAsync("app", "rotunda-app-1", default));
        await Assert.ThrowsAsync<SecretNotFoundException>(() => store.GetAsync(one, default));
        using var next = SecretValue.FromText("promoted");
        await store.PromoteAsync(await store.PutPendingAsync("app", "rotunda-app-2", next, default), default);
        using var current = await store.GetAsync((await store.CurrentAsync("app", default))!, default);
        Assert.Equal("promoted", current.RevealText());
    }

    [Fact]
    public async Task A_secret_that_is_to_be_deleted_is_refused_with_what_to_do()
    {
        await using var environment = await AwsEnvironment.StartAsync("{}", keys: true);
        environment.Fake.Secrets["prod/app"].Deleted = true;
        environment.Fake.Secrets["rotunda/app"] = new FakeSecret { Deleted = true };

        var outcome = await ((IValidateSetup)environment.Provider).ValidateAsync(environment.Call(), default);
        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Contains("restore-secret", outcome.Reason, StringComparison.Ordinal);
        using var value = SecretValue.FromText("x");
        Assert.Contains("restore-secret", (await Assert.ThrowsAsync<StoreUnavailableException>(() => environment.Store().PutPendingAsync("app", "o", value, default))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[1]")]
    public async Task Keys_need_an_object(string text)
    {
        await using var environment = await AwsEnvironment.StartAsync(text, keys: true);

        var outcome = await ((IValidateSetup)environment.Provider).ValidateAsync(environment.Call(), default);

        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Contains("holds no JSON object", outcome.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replicas_that_are_behind_are_waited_for()
    {
        await using var environment = await AwsEnvironment.StartAsync("old", keys: false);
        environment.Fake.Secrets["prod/app"].Replicas["eu-west-1"] = "InProgress";
        using var value = SecretValue.FromText("new-value-for-all");
        var values = new DeliveredValues(new(value, null, "f"), null, "00");
        var target = (AwsProvider)environment.Provider;
        Assert.True((await target.DeliverAsync(environment.Call(), values, default)).Succeeded);

        var waiting = await target.ConfirmAsync(environment.Call(), values, default);
        Assert.Equal((StepOutcomeKind.RetryLater, "prod/app: eu-west-1 is InProgress."), (waiting.Kind, waiting.Reason));
        environment.Fake.Secrets["prod/app"].Replicas["eu-west-1"] = "InSync";
        Assert.True((await target.ConfirmAsync(environment.Call(), values, default)).Succeeded);
    }

    [Fact]
    public async Task A_role_is_taken_in_exchange_for_a_token_and_kept_until_shortly_before_its_end()
    {
        await using var environment = await AwsEnvironment.StartAsync(null, keys: true);
        var exchanges = 0;
        environment.Vendor.On("POST", "/sts/", request =>
        {
            exchanges++;
            request.Require(
                request.Text == "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleSessionName=rotunda&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr&WebIdentityToken=web-token-77", "the form is another");
            return FakeReply.Text(
                200,
                $"""
                <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><Credentials>
                <AccessKeyId>ASIATEMP</AccessKeyId><SecretAccessKey>temporary-key</SecretAccessKey><SessionToken>session-{exchanges}</SessionToken>
                <Expiration>{TimeProvider.System.GetUtcNow().AddMinutes(exchanges == 1 ? 4 : 60):O}</Expiration>
                </Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>
                """,
                "text/xml");
        });
        var settings = environment.Settings;
        settings.Remove("accessKeyId");
        settings["roleArn"] = "arn:aws:iam::1:role/r";
        settings["webIdentityToken"] = "env:WEB";
        settings["stsAddress"] = environment.Vendor.Address + "/sts/";
        var target = (IValidateSetup)environment.Provider;

        // The first ends too soon to be kept.
        foreach (var session in new[] { 1, 2, 2 })
        {
            environment.Fake.Expected = new AwsCredentials("ASIATEMP", "temporary-key", $"session-{session}");
            var outcome = await target.ValidateAsync(environment.Call(settings: settings), default);
            Assert.True(outcome.Succeeded, outcome.Reason);
        }

        Assert.Equal(2, exchanges);
        environment.Vendor.AssertClean();
    }
}

internal sealed class AwsEnvironment(FakeVendor vendor, string? before, bool keys) : VendorEnvironment(vendor)
{
    public FakeSecretsManager Fake { get; } = new(vendor);

    public override IProvider Provider { get; } = new AwsProvider();

    public override JsonObject Settings
    {
        get
        {
            var settings = new JsonObject
            {
                ["region"] = "eu-central-1", ["accessKeyId"] = FakeSecretsManager.KeyId, ["secretAccessKey"] = "env:KEY", ["address"] = Vendor.Address, ["prefix"] = "rotunda/", ["secret"] = "prod/app",
            };
            if (keys)
            {
                settings["keys"] = new JsonObject { ["PASSWORD"] = "{value}", ["URL"] = "pg://{username}:{value:url}@h", ["NEXT"] = "{secondary}" };
            }

            return settings;
        }
    }

    public override IReadOnlyDictionary<string, string> References => new Dictionary<string, string> { ["env:KEY"] = FakeSecretsManager.Key, ["env:WEB"] = "web-token-77" };

    public override IEnumerable<(string What, JsonObject Settings)> BrokenSettings
    {
        get
        {
            var nobody = Settings;
            nobody["address"] = "http://127.0.0.1:9";
            yield return ("an address where nobody listens", nobody);
            var clear = Settings;
            clear["address"] = "http://secrets.example.com";
            yield return ("an address in the clear", clear);
        }
    }

    public static async Task<AwsEnvironment> StartAsync(string? before, bool keys)
    {
        var environment = new AwsEnvironment(await FakeVendor.StartAsync(), before, keys);
        environment.Reset();
        return environment;
    }

    public IStoreSecrets Store() => ((IOpenStores)Provider).Open("main", Call().Settings, Time);

    public override void Reset()
    {
        Fake.Secrets.Clear();
        if (before is not null)
        {
            var version = new FakeVersion(new string('b', 32), before, false);
            var secret = Fake.Secrets["prod/app"] = new FakeSecret();
            secret.Versions.Add(version);
            secret.Attach("AWSCURRENT", version);
        }
    }

    /// <summary>What readers of AWSCURRENT get, and for the store's secrets every label.</summary>
    public override Task<string> StateAsync() => Task.FromResult(string.Join('\n', Fake.Secrets.Where(s => !s.Value.Deleted).OrderBy(s => s.Key, StringComparer.Ordinal)
        .Select(s => s.Key == "prod/app" ? $"{s.Key}: {Canonical(s.Value.Versions.Find(v => v.Labels.Contains("AWSCURRENT"))?.Value)}" : $"{s.Key}: {s.Value}")));

    private static string? Canonical(string? text) => text?.StartsWith('{') == true
        ? new JsonObject(JsonNode.Parse(text)!.AsObject().OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone()))).ToJsonString() : text;
}
