using System.Text.Json.Nodes;
using Rotunda.Providers.Clients.Kubernetes;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Providers.Kubernetes;

public sealed class ExternalSecretTests : IAsyncLifetime
{
    private FakeCluster _cluster = null!;
    private KubernetesBench _bench = null!;

    private static JsonObject Settings => new() { ["externalSecret"] = "sessions", ["keys"] = new JsonObject { ["KEY"] = "{value}" } };

    public async ValueTask InitializeAsync()
    {
        _cluster = await FakeCluster.StartAsync();
        _bench = new KubernetesBench(_cluster);
        FakeOperator.ExternalSecret(_cluster, "sessions");
        FakeOperator.Sync(_cluster, "sessions", new() { ["KEY"] = "old" });
    }

    public async ValueTask DisposeAsync()
    {
        _cluster.Vendor.AssertClean();
        await _bench.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task The_operator_is_told_and_followed_without_comparing_clocks()
    {
        // The operator's clock is half a century behind ours.
        Assert.Equal(StepOutcomeKind.Done, (await DeliverAsync("new")).Kind);
        Assert.NotNull(_cluster["externalsecrets", "sessions"].Annotation("force-sync"));
        Assert.Equal("shop", _cluster["externalsecrets", "sessions"].Annotation("team"));
        Assert.Equal(StepOutcomeKind.AlreadyDone, (await DeliverAsync("new")).Kind);

        var early = await ConfirmAsync("new");
        Assert.Equal(StepOutcomeKind.RetryLater, early.Kind);
        Assert.Contains("has not synced", early.Reason);

        FakeOperator.Sync(_cluster, "sessions", new() { ["KEY"] = "new" });
        var there = await ConfirmAsync("new");
        Assert.Equal(StepOutcomeKind.Done, there.Kind);
        Assert.Equal("shop/sessions", there.Facts!["secret"]);
        Assert.Equal(StepOutcomeKind.AlreadyDone, (await DeliverAsync("new")).Kind);
    }

    [Fact]
    public async Task The_same_value_from_before_is_no_proof_of_a_sync()
    {
        await DeliverAsync("old");

        Assert.Contains("has not synced", (await ConfirmAsync("old")).Reason);
    }

    [Fact]
    public async Task An_operator_that_read_too_early_is_told_again()
    {
        await DeliverAsync("new");
        FakeOperator.Sync(_cluster, "sessions", new() { ["KEY"] = "old" });

        var stale = await ConfirmAsync("new");
        Assert.Equal(StepOutcomeKind.RetryLater, stale.Kind);
        Assert.Contains("at KEY. It is told to read the store again", stale.Reason);
        Assert.Contains("has not synced", (await ConfirmAsync("new")).Reason);

        FakeOperator.Sync(_cluster, "sessions", new() { ["KEY"] = "new" });
        Assert.True((await ConfirmAsync("new")).Succeeded);
    }

    [Fact]
    public async Task What_the_operator_says_of_a_failure_is_passed_on()
    {
        await DeliverAsync("new");
        FakeOperator.Fail(_cluster, "sessions", "could not get secret data from provider");

        Assert.Contains("SecretSyncedError: could not get secret data from provider", (await ConfirmAsync("new")).Reason);
    }

    [Theory]
    [InlineData(""", "refreshPolicy": "CreatedOnce" """, "CreatedOnce")]
    [InlineData(""", "target": { "creationPolicy": "None" } """, "creationPolicy: None")]
    [InlineData(""", "target": { "immutable": true } """, "immutable: true")]
    public async Task One_that_would_not_bring_the_value_is_refused(string more, string reason)
    {
        FakeOperator.ExternalSecret(_cluster, "sessions", more);

        Assert.Contains(reason, (await _bench.External.ValidateAsync(_bench.Call(Settings), default)).Reason);
        Assert.Equal(StepOutcomeKind.Rejected, (await DeliverAsync("new")).Kind);
        Assert.Null(_cluster["externalsecrets", "sessions"].Annotation("force-sync"));
    }

    [Theory]
    [InlineData("v1", "v1beta1", "v1")]
    [InlineData("v1beta1", null, "v1beta1")]
    public async Task The_version_is_what_the_cluster_has(string one, string? other, string taken)
    {
        _cluster.OperatorVersions.Clear();
        _cluster.OperatorVersions.AddRange(new[] { one, other }.OfType<string>());

        Assert.Equal(taken, (await _bench.External.ValidateAsync(_bench.Call(Settings), default)).Facts!["api"]);
        Assert.Contains(
            _cluster.Vendor.Requests,
            request => request.StartsWith(
                $"GET /apis/external-secrets.io/{taken}/namespaces/shop/externalsecrets/sessions",
                StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_cluster_without_the_operator_or_of_another_time_is_refused()
    {
        _cluster.OperatorVersions.Clear();
        Assert.Contains("not installed", (await _bench.External.ValidateAsync(_bench.Call(Settings), default)).Reason);

        _cluster.OperatorVersions.Add("v7");
        Assert.Contains("in the versions v7", (await _bench.External.ValidateAsync(_bench.Call(Settings), default)).Reason);
    }

    [Theory]
    [InlineData("shop/sessions", "Replace", true)]
    [InlineData("shop/sessions", "IfNotExists", false)]
    [InlineData("shop/another", "Replace", false)]
    public async Task A_push_secret_to_the_same_entry_is_warned_of(string key, string policy, bool warned)
    {
        _cluster.Put("pushsecrets", $$"""
            { "metadata": { "name": "pusher" }, "spec": { "updatePolicy": "{{policy}}", "selector": { "secret": { "name": "source" } },
              "data": [{ "match": { "secretKey": "k", "remoteRef": { "remoteKey": "{{key}}" } } }] } }
            """);

        var validated = await _bench.External.ValidateAsync(_bench.Call(Settings), default);

        Assert.True(validated.Succeeded);
        Assert.Equal(
            warned,
            validated.Facts!.TryGetValue("warning", out var warning) && warning.Contains("'pusher'", StringComparison.Ordinal));
        _cluster.Denied.Add("list pushsecrets");
        Assert.False((await _bench.External.ValidateAsync(_bench.Call(Settings), default)).Facts!.ContainsKey("warning"));
    }

    [Fact]
    public async Task The_secret_may_have_another_name()
    {
        FakeOperator.ExternalSecret(_cluster, "sessions", """, "target": { "name": "another" } """);
        await DeliverAsync("new");
        FakeOperator.Sync(_cluster, "sessions", new() { ["KEY"] = "new" });

        Assert.Equal("shop/another", (await ConfirmAsync("new")).Facts!["secret"]);
    }

    private Task<StepOutcome> DeliverAsync(string value) => _bench.DeliverAsync(_bench.External, Settings, value);

    private Task<StepOutcome> ConfirmAsync(string value) => _bench.ConfirmAsync(_bench.External, Settings, value);
}
