using Rotunda.Files;
using Rotunda.Providers.Clients.Aws;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Stores.Aws;
using Rotunda.Rotation.Words;
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
        environment.Fake.Secrets.Values.ToList()
            .ForEach(secret => Assert.True(secret.Deleted || secret.Versions.Last().Value.Contains("kept", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Conforms_as_a_target_with_the_whole_text()
    {
        await using var environment = await AwsEnvironment.StartAsync("the whole", keys: false);
        await ProviderConformanceSuite.RunAsync(environment);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("""{"OTHER":"kept"}""", false)]
    [InlineData("""{"OTHER":"kept"}""", true)]
    public async Task Every_call_survives_every_fault(string? before, bool role)
    {
        await using var environment = await AwsEnvironment.StartAsync(before, keys: true, role);
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
        Assert.Equal(
            "value-number-1 [AWSCURRENT,rotunda-app-1/1]; value-number-2 [AWSPREVIOUS,rotunda-app-2/1]",
            environment.Fake.Secrets["rotunda/app"].ToString());
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
        Assert.Contains(
            "restore-secret",
            (await Assert.ThrowsAsync<StoreUnavailableException>(() => environment.Store()
                .PutPendingAsync("app", "o", value, default))).Message,
            StringComparison.Ordinal);
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_secret_that_was_there_without_a_value_is_never_deleted(bool keys)
    {
        await using var environment = await AwsEnvironment.StartAsync(null, keys);
        environment.Fake.Secrets["prod/app"] = new FakeSecret { Description = "made by Terraform" };
        var target = (AwsProvider)environment.Provider;
        Assert.Equal("without a value", (await target.ValidateAsync(environment.Call(), default)).Facts!["exists"]);
        using var captured = await target.CaptureAsync(environment.Call(), default);
        Assert.NotNull(captured);
        Assert.Equal(StepOutcomeKind.AlreadyDone, (await target.RestoreAsync(environment.Call(), captured, default)).Kind);
        Assert.Empty(environment.Fake.Secrets["prod/app"].Versions);

        for (var round = 0; round < 2; round++)
        {
            Assert.True((await DeliverAsync(environment, "new-value")).Succeeded);
            Assert.True((await target.RestoreAsync(environment.Call(), captured, default)).Succeeded);
            var secret = environment.Fake.Secrets["prod/app"];
            Assert.Equal((false, "{}"), (secret.Deleted, secret.Versions.Find(v => v.Labels.Contains("AWSCURRENT"))!.Value));
        }

        environment.Vendor.AssertClean();
    }

    [Fact]
    public async Task A_secret_that_someone_else_made_meanwhile_is_not_deleted_on_the_way_back()
    {
        await using var environment = await AwsEnvironment.StartAsync(null, keys: true);
        var target = (AwsProvider)environment.Provider;
        Assert.Null(await target.CaptureAsync(environment.Call(), default));
        var version = new FakeVersion(new string('t', 32), """{"OTHER":"theirs"}""", false);
        var theirs = environment.Fake.Secrets["prod/app"] = new FakeSecret { Description = "made by Terraform" };
        theirs.Versions.Add(version);
        theirs.Attach("AWSCURRENT", version);

        Assert.True((await DeliverAsync(environment, "new-value")).Succeeded);
        Assert.True((await target.RestoreAsync(environment.Call(), null, default)).Succeeded);

        Assert.Equal(
            (false, """{"OTHER":"theirs"}"""),
            (theirs.Deleted, theirs.Versions.Find(v => v.Labels.Contains("AWSCURRENT"))!.Value));
    }

    [Fact]
    public async Task A_secret_that_aws_rotates_is_refused_as_a_target_and_in_a_store()
    {
        await using var environment = await AwsEnvironment.StartAsync("{}", keys: true);
        environment.Fake.Secrets["prod/app"].Rotates = true;
        environment.Fake.Secrets["rotunda/app"] = new FakeSecret { Rotates = true };

        var outcome = await ((IValidateSetup)environment.Provider).ValidateAsync(environment.Call(), default);
        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Contains("cancel-rotate-secret --secret-id prod/app", outcome.Reason, StringComparison.Ordinal);
        Assert.Contains(
            "--secret-id rotunda/app",
            (await Assert.ThrowsAsync<StoreUnavailableException>(() => environment.Store().CheckAsync("app", default))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_many_labels_as_aws_allows_are_told_before_a_rotation_begins_and_not_waited_for()
    {
        await using var environment = await AwsEnvironment.StartAsync(null, keys: true);
        var store = environment.Store();
        for (var owner = 1; owner <= 16; owner++)
        {
            await store.CheckAsync("app", default);
            using var value = SecretValue.FromText($"value-{owner}");
            await store.PutPendingAsync("app", $"orphan-{owner}", value, default);
        }

        Assert.Contains(
            "more than the 20 that AWS allows",
            (await Assert.ThrowsAsync<StoreUnavailableException>(() => store.CheckAsync("app", default))).Message,
            StringComparison.Ordinal);
        environment.Fake.Refusals.Enqueue((null, "LimitExceededException"));
        var full = await ((IValidateSetup)environment.Provider).ValidateAsync(environment.Call(), default);
        Assert.Equal(StepOutcomeKind.Rejected, full.Kind);
        Assert.Contains("which waiting does not change", full.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_stood_at_a_target_is_deleted_for_good_and_without_the_right_to_do_so_only_its_labels()
    {
        await using var environment = await AwsEnvironment.StartAsync(null, keys: true);
        var store = environment.Store();
        using var value = SecretValue.FromText("what stood there");
        var kept = await store.PutPendingAsync("app-capture-1-0a1b2c3d", "capture:app-1:env", value, default);
        environment.Fake.MayDelete = false;
        await store.DropAsync(kept, default);
        await Assert.ThrowsAsync<SecretNotFoundException>(() => store.GetAsync(kept, default));
        Assert.Single(environment.Fake.Secrets);

        environment.Fake.MayDelete = true;
        await store.DropAsync(kept, default);
        await store.DropAsync(kept, default);
        Assert.Empty(environment.Fake.Secrets);
        environment.Vendor.AssertClean();
    }

    [Theory]
    [InlineData("ExpiredTokenException", false, StepOutcomeKind.RetryLater)]
    [InlineData("ExpiredTokenException", true, StepOutcomeKind.RetryLater)]
    [InlineData("UnrecognizedClientException", true, StepOutcomeKind.RetryLater)]
    [InlineData("UnrecognizedClientException", false, StepOutcomeKind.Rejected)]
    [InlineData("InvalidSignatureException", true, StepOutcomeKind.Rejected)]
    public async Task A_session_that_expired_is_renewed_and_the_step_tried_again(string refusal, bool role, StepOutcomeKind expected)
    {
        await using var environment = await AwsEnvironment.StartAsync("{}", keys: true, role);
        environment.Fake.Refusals.Enqueue((null, refusal));
        var outcome = await DeliverAsync(environment, "new-value");
        Assert.True(outcome.Kind == expected, $"{outcome.Kind}: {outcome.Reason}");

        environment.Vendor.Forget();
        Assert.True((await DeliverAsync(environment, "new-value")).Succeeded);
        Assert.Equal(role, environment.Vendor.Requests.First() == "POST /sts/");
    }

    [Theory]
    [InlineData("IDPCommunicationError", StepOutcomeKind.RetryLater)]
    [InlineData("ExpiredTokenException", StepOutcomeKind.RetryLater)]
    [InlineData("InvalidIdentityToken", StepOutcomeKind.Rejected)]
    public async Task A_token_that_the_platform_is_about_to_renew_is_waited_for(string code, StepOutcomeKind expected)
    {
        await using var environment = await AwsEnvironment.StartAsync("{}", keys: true);
        environment.Vendor.On("POST", "/sts/", _ => FakeReply.Text(
            400,
            $"""
            <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
              <Error><Type>Sender</Type><Code>{code}</Code><Message>web-token-77</Message></Error>
            </ErrorResponse>
            """,
            "text/xml"));
        var settings = environment.Settings;
        settings.Remove("accessKeyId");
        (
            settings["roleArn"],
            settings["webIdentityToken"],
            settings["stsAddress"]) = ("arn:aws:iam::1:role/r", "env:WEB", environment.Vendor.Address + "/sts/");

        var outcome = await ((IValidateSetup)environment.Provider).ValidateAsync(environment.Call(settings: settings), default);

        Assert.Equal(expected, outcome.Kind);
        Assert.Contains("Check 'webIdentityToken'", outcome.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("web-token-77", outcome.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credentials_that_cannot_be_read_any_more_after_a_change_leave_it_open_what_happened()
    {
        await using var environment = await AwsEnvironment.StartAsync(null, keys: true);
        var call = environment.Call() with { Settings = new ProviderSettings(environment.Settings, new FailingReferences(2)) };
        using var value = SecretValue.FromText("new-value");

        var outcome = await ((IDeliverValues)environment.Provider).DeliverAsync(call, new(new(value, "app", "f"), null, "00"), default);

        Assert.True(environment.Fake.Secrets.ContainsKey("prod/app"));
        Assert.Equal(StepOutcomeKind.Unknown, outcome.Kind);
        Assert.Contains("env:KEY", outcome.Reason, StringComparison.Ordinal);
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
                request.Text == "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleSessionName=rotunda"
                    + "&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr&WebIdentityToken=web-token-77",
                "the form is another");
            return AwsEnvironment.Session(exchanges, TimeProvider.System.GetUtcNow().AddMinutes(exchanges == 1 ? 4 : 60));
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

    private static async Task<StepOutcome> DeliverAsync(AwsEnvironment environment, string text)
    {
        using var value = SecretValue.FromText(text);
        return await ((IDeliverValues)environment.Provider).DeliverAsync(
            environment.Call(),
            new(new(value, "app", "f"), null, "00"),
            default);
    }
}
