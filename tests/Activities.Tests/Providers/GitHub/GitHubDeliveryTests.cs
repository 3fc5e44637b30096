using System.Globalization;
using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.Time;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Activities.Tests.Providers.GitHub;

public sealed class GitHubDeliveryTests
{
    private const string Secret = "orgs/acme/actions/secrets/API_KEY";

    [Fact]
    public async Task An_organisation_s_secret_keeps_who_sees_it_and_the_value_arrives_sealed()
    {
        await using var environment = await GitHubEnvironment.StartAsync();

        var outcome = await DeliverAsync(environment, "the new value ✓");

        Assert.Equal(StepOutcomeKind.Done, outcome.Kind);
        var secret = environment.GitHub.Stands[Secret];
        Assert.Equal("the new value ✓", secret.Value);
        Assert.Equal("selected", secret.Visibility);
        Assert.Equal(Enumerable.Range(1, 130).Select(id => (long)id), secret.Repositories);
        Assert.Contains(
            environment.Vendor.Requests,
            request => request.EndsWith("repositories?per_page=100&page=2", StringComparison.Ordinal));
        Assert.Equal("private", environment.GitHub.Stands["orgs/acme/actions/secrets/API_KEY_NEXT"].Visibility);
        environment.Vendor.AssertClean();
    }

    [Fact]
    public async Task What_somebody_else_wrote_is_told_by_its_time_and_what_it_holds_nobody_can_tell()
    {
        await using var environment = await GitHubEnvironment.StartAsync();
        var facts = (await DeliverAsync(environment, "value")).Facts;
        async Task<StepOutcome> LookAsync() => await WithAsync(
            "value", null, values => ((ILookAtTarget)environment.Provider).LookAsync(environment.Call().After(facts), values, default));
        Assert.Equal(Standing.CannotTell, (await LookAsync()).Standing);

        var secret = environment.GitHub.Stands[Secret];
        environment.GitHub.Stands[Secret] = secret with { UpdatedAt = secret.UpdatedAt + TimeSpan.FromHours(1) };
        Assert.Equal(Standing.Differs, (await LookAsync()).Standing);
        environment.GitHub.Stands.Remove(Secret);
        Assert.Equal(Standing.Missing, (await LookAsync()).Standing);
        environment.Vendor.AssertClean();
    }

    [Fact]
    public async Task A_token_that_does_not_see_all_selected_repositories_changes_nothing()
    {
        await using var environment = await GitHubEnvironment.StartAsync();
        environment.GitHub.VisibleRepositories = 129;
        var before = environment.GitHub.State();

        var outcome = await DeliverAsync(environment, "value");

        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Contains("129 of the 130 repositories", outcome.Reason, StringComparison.Ordinal);
        Assert.Equal(before, environment.GitHub.State());
    }

    [Theory]
    [InlineData("actions", "organization_secrets")]
    [InlineData("dependabot", "organization_dependabot_secrets")]
    public async Task An_App_s_token_may_do_one_thing_at_one_place_and_is_kept_until_it_nearly_ends(string area, string permission)
    {
        await using var environment = await GitHubEnvironment.StartAsync(isApp: true);
        var time = new ManualTimeProvider(TimeProvider.System.GetUtcNow());
        environment.GitHub.Apps.Time = time;
        var settings = environment.With(new() { ["area"] = area });
        async Task<StepOutcome> OnceAsync() => await DeliverAsync(environment, "value", settings: settings, time: time);

        Assert.Equal(StepOutcomeKind.Done, (await OnceAsync()).Kind);
        Assert.Equal(StepOutcomeKind.Done, (await OnceAsync()).Kind);
        Assert.Equal([permission, "actions platform"], environment.GitHub.Apps.GivenOut);
        time.Advance(TimeSpan.FromMinutes(56));
        Assert.Equal(StepOutcomeKind.Done, (await OnceAsync()).Kind);
        Assert.Equal(4, environment.GitHub.Apps.GivenOut.Count);

        // Revoked behind its back: another one is taken at once.
        environment.GitHub.Apps.Revoke();
        Assert.Equal(StepOutcomeKind.Done, (await OnceAsync()).Kind);
        Assert.Equal(6, environment.GitHub.Apps.GivenOut.Count);
        environment.Vendor.AssertClean();
    }

    [Fact]
    public async Task An_App_without_the_permission_is_told_which()
    {
        await using var environment = await GitHubEnvironment.StartAsync(isApp: true);
        environment.GitHub.Apps.Granted.Remove("organization_secrets");

        var outcome = await ((IValidateSetup)environment.Provider).ValidateAsync(environment.Call(), default);

        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Contains("lacks the permission 'organization_secrets: write'", outcome.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_token_may_not_see_is_explained()
    {
        await using var environment = await GitHubEnvironment.StartAsync();
        environment.GitHub.Instead.Enqueue(FakeReply.Json(404, new JsonObject { ["message"] = "Not Found" }));

        var outcome = await ((IValidateSetup)environment.Provider).ValidateAsync(environment.Call(), default);

        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Contains("what the token may not see", outcome.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403, "0", null, "rate limit exceeded", 90)]
    [InlineData(429, "0", null, "rate limit exceeded", 90)]
    [InlineData(403, "12", "33", "You have exceeded a secondary rate limit", 33)]
    [InlineData(403, "12", null, "You have exceeded a secondary rate limit", 60)]
    [InlineData(429, null, null, "slow down", 60)]
    public async Task Rate_limits_are_waited_for(int status, string? remaining, string? retryAfter, string message, int seconds)
    {
        await using var environment = await GitHubEnvironment.StartAsync();
        var time = new ManualTimeProvider();
        var headers = new List<(string, string)>
        {
            ("x-ratelimit-reset", (time.GetUtcNow().ToUnixTimeSeconds() + 90).ToString(CultureInfo.InvariantCulture)),
        };
        headers.AddRange(remaining is null ? [] : [("x-ratelimit-remaining", remaining)]);
        headers.AddRange(retryAfter is null ? [] : [("Retry-After", retryAfter)]);
        environment.GitHub.Instead.Enqueue(FakeReply.Json(status, new JsonObject { ["message"] = message }, [.. headers]));

        var outcome = await DeliverAsync(environment, "value", time: time);

        Assert.Equal(StepOutcomeKind.RetryLater, outcome.Kind);
        Assert.Equal(TimeSpan.FromSeconds(seconds), outcome.RetryAfter);
    }

    [Fact]
    public async Task Dual_keys_stand_side_by_side_and_half_a_delivery_is_repaired_by_the_next()
    {
        await using var environment = await GitHubEnvironment.StartAsync(new() { ["repository"] = "acme/shop" });
        environment.Vendor.FailAt(2, FakeFault.Refuse(500));

        var half = await DeliverAsync(environment, "new", "old");
        Assert.Equal(StepOutcomeKind.Unknown, half.Kind);
        Assert.DoesNotContain("k=old", environment.GitHub.State(), StringComparison.Ordinal);

        Assert.Equal(StepOutcomeKind.Done, (await DeliverAsync(environment, "new", "old")).Kind);
        Assert.Equal("new", environment.GitHub.Stands["repos/acme/shop/actions/secrets/API_KEY"].Value);
        Assert.Equal("k=old", environment.GitHub.Stands["repos/acme/shop/actions/secrets/API_KEY_NEXT"].Value);
    }

    [Theory]
    [InlineData("1KEY")]
    [InlineData("MY-KEY")]
    [InlineData("github_key")]
    [InlineData("KEY ")]
    [InlineData("")]
    public async Task Names_that_GitHub_refuses_are_refused_before_anything_is_sent(string name)
    {
        await using var environment = await GitHubEnvironment.StartAsync();

        var outcome = await DeliverAsync(
            environment,
            "value",
            settings: environment.With(new() { ["keys"] = new JsonObject { [name] = "{value}" } }));

        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Empty(environment.Vendor.Requests);
    }

    [Fact]
    public async Task A_value_that_is_too_large_is_refused_before_anything_is_sent()
    {
        await using var environment = await GitHubEnvironment.StartAsync();

        var outcome = await DeliverAsync(environment, new string('ü', (24 * 1024) + 1));

        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Contains("49154 bytes", outcome.Reason, StringComparison.Ordinal);
        Assert.Empty(environment.Vendor.Requests);
    }

    [Fact]
    public async Task A_token_that_GitHub_forgets_between_two_calls_does_not_end_the_rotation()
    {
        await using var environment = await GitHubEnvironment.StartAsync(isApp: true);
        var unauthorized = FakeReply.Json(401, new JsonObject { ["message"] = "Bad credentials" });
        await DeliverAsync(environment, "first");
        var calls = environment.Vendor.Requests.Count(request => !request.Contains("access_tokens", StringComparison.Ordinal));

        // The last call of a delivery is the one that starts the workflow.
        foreach (var _ in Enumerable.Range(1, calls - 1))
        {
            environment.GitHub.Instead.Enqueue(null);
        }

        environment.GitHub.Instead.Enqueue(unauthorized);
        var outcome = await DeliverAsync(environment, "value");

        Assert.Equal(StepOutcomeKind.Done, outcome.Kind);
        Assert.False(outcome.Facts!.ContainsKey("syncRefused"));
        Assert.True(outcome.Facts.ContainsKey("run"));
        environment.Vendor.AssertClean();
    }

    internal static async Task<StepOutcome> DeliverAsync(
        GitHubEnvironment environment,
        string primary,
        string? secondary = null,
        JsonObject? settings = null,
        TimeProvider? time = null,
        int attempt = 1,
        string? target = null,
        params IReadOnlyList<EarlierDelivery> earlier)
    {
        var call = environment.Call(attempt, settings) with { Target = target, EarlierDeliveries = _ => Task.FromResult(earlier) };
        return await WithAsync(
            primary,
            secondary,
            values => ((IDeliverValues)environment.Provider).DeliverAsync(
                time is null ? call : call with { Time = time },
                values,
                default));
    }

    internal static async Task<StepOutcome> WithAsync(string primary, string? secondary, Func<DeliveredValues, Task<StepOutcome>> work)
    {
        const string salt = "00ff";
        using var one = SecretValue.FromText(primary);
        using var other = secondary is null ? null : SecretValue.FromText(secondary);
        return await work(
            new(new(one, null, Fingerprint.Of(one, salt)), other is null ? null : new(other, null, Fingerprint.Of(other, salt)), salt));
    }
}
