using System.Text.Json.Nodes;
using Rotunda.Providers.Clients.Kubernetes;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Providers.Kubernetes;

public sealed class KubernetesSecretTests : IAsyncLifetime
{
    private FakeCluster _cluster = null!;
    private KubernetesBench _bench = null!;

    private static JsonObject InPlace =>
        new() { ["secret"] = "keys", ["keys"] = new JsonObject { ["ONE"] = "{value}", ["TWO"] = "{secondary}" } };

    private static JsonObject NewName => new()
    {
        ["secret"] = "jwt-secret",
        ["mode"] = "new-name",
        ["workloads"] = new JsonArray("deployment/api", "statefulset/worker"),
        ["keys"] = new JsonObject { ["KEY_ONE"] = "{value}", ["KEY_TWO"] = "{secondary}" },
    };

    public async ValueTask InitializeAsync()
    {
        _cluster = await FakeCluster.StartAsync();
        _bench = new KubernetesBench(_cluster);
        var controllers = new FakeControllers(_cluster);
        _cluster.Put(
            "secrets",
            """
            { "metadata": { "name": "keys", "annotations": { "mine": "stays" } }, "type": "Opaque",
              "data": { "ONE": "b2xk", "OTHER": "c3RheXM=" } }
            """);
        _cluster.Put(
            "secrets",
            """
            { "metadata": { "name": "jwt-secret", "labels": { "team": "shop" } }, "type": "custom/jwt", "immutable": true,
              "data": { "KEY_ONE": "b2xk", "OTHER": "c3RheXM=" } }
            """);
        controllers.Deployment("api");
        controllers.StatefulSet("worker");
    }

    public async ValueTask DisposeAsync()
    {
        _cluster.Vendor.AssertClean();
        await _bench.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task A_Secret_that_is_edited_deleted_or_has_lost_a_key_has_drifted()
    {
        await _bench.DeliverAsync(_bench.Secrets, InPlace, "new-1", "new-2");
        async Task<Standing> LookAsync() => (await _bench.ConfirmAsync(_bench.Secrets, InPlace, "new-1", "new-2")).Standing;
        Assert.Equal(Standing.Same, await LookAsync());

        _cluster.Touch("secrets", "keys", secret => secret["data"]!["TWO"] = "ZWRpdGVk");
        Assert.Equal(Standing.Differs, await LookAsync());
        _cluster.Touch("secrets", "keys", secret => secret["data"]!.AsObject().Remove("TWO"));
        Assert.Equal(Standing.Differs, await LookAsync());
        _cluster.Remove("secrets", "keys");
        Assert.Equal(Standing.Missing, await LookAsync());
    }

    [Theory]
    [InlineData("ONE", true)]
    [InlineData("OTHER", false)]
    public async Task Keys_that_an_ExternalSecret_merges_in_are_refused_and_others_are_warned_of(string key, bool isRefused)
    {
        // As the operator marks a Secret with creationPolicy: Merge; there is no owner reference.
        _cluster.Touch("secrets", "keys", secret =>
        {
            secret["metadata"]!["labels"] = JsonNode.Parse("""{ "reconcile.external-secrets.io/managed": "true" }""");
            secret["metadata"]!["managedFields"] = JsonNode.Parse($$$"""
                [{ "manager": "kubectl-create", "operation": "Update", "apiVersion": "v1", "fieldsType": "FieldsV1",
                   "fieldsV1": { "f:data": { ".": {}, "f:TWO": {} } } },
                 { "manager": "externalsecrets.external-secrets.io/shop", "operation": "Apply", "apiVersion": "v1",
                   "fieldsType": "FieldsV1", "fieldsV1": { "f:data": { "f:{{{key}}}": {} } } }]
                """);
        });

        var (validated, delivered) = (
            await _bench.Secrets.ValidateAsync(_bench.Call(InPlace), default),
            await _bench.DeliverAsync(_bench.Secrets, InPlace, "new-1", "new-2"));

        Assert.Equal(isRefused ? StepOutcomeKind.Rejected : StepOutcomeKind.Done, validated.Kind);
        Assert.Equal(isRefused ? StepOutcomeKind.Rejected : StepOutcomeKind.Done, delivered.Kind);
        Assert.Equal(isRefused ? "old" : "new-1", _cluster.Value("keys", "ONE"));
        Assert.Contains(
            isRefused ? "the ExternalSecret 'shop'" : "An ExternalSecret fills it",
            validated.Reason ?? validated.Facts!["warning"],
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_name_is_not_marked_as_one_of_the_External_Secrets_Operator_s()
    {
        _cluster.Touch("secrets", "jwt-secret", secret =>
        {
            secret["metadata"]!["labels"]!["reconcile.external-secrets.io/created-by"] = "0123456789abcdef";
            secret["metadata"]!["annotations"] = JsonNode.Parse(
                """{ "reconcile.external-secrets.io/data-hash": "fedcba", "mine": "stays" }""");
        });

        Assert.True((await _bench.DeliverAsync(_bench.Secrets, NewName, "new-1", "new-2")).Succeeded);

        var made = _cluster["secrets", "jwt-secret-v2"];
        Assert.DoesNotContain("external-secrets.io", made["metadata"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(("shop", "stays"), (made.Text("metadata", "labels", "team"), made.Annotation("mine")));
    }

    [Fact]
    public async Task In_place_only_our_keys_change_and_come_back_as_they_were()
    {
        var before = _cluster["secrets", "keys"].DeepClone();
        using var captured = await _bench.Secrets.CaptureAsync(_bench.Call(InPlace), default);

        var done = await _bench.DeliverAsync(_bench.Secrets, InPlace, "new-1", "new-2");

        Assert.Equal(StepOutcomeKind.Done, done.Kind);
        Assert.Equal("shop/keys", done.Facts!["secret"]);
        Assert.Equal("new-1", _cluster.Value("keys", "ONE"));
        Assert.Equal("new-2", _cluster.Value("keys", "TWO"));
        Assert.Equal("stays", _cluster.Value("keys", "OTHER"));
        Assert.Equal("jwt-1", _cluster["secrets", "keys"].Annotation("rotation.rotunda.dev/jwt"));
        Assert.Equal(done.Facts["primary"], _cluster["secrets", "keys"].Annotation("fingerprint.rotunda.dev/jwt"));
        Assert.Equal(StepOutcomeKind.AlreadyDone, (await _bench.DeliverAsync(_bench.Secrets, InPlace, "new-1", "new-2")).Kind);

        Assert.True((await _bench.Secrets.RestoreAsync(_bench.Call(InPlace), captured, default)).Succeeded);
        before["metadata"]!["resourceVersion"] = _cluster["secrets", "keys"].Text("metadata", "resourceVersion");
        Assert.True(JsonNode.DeepEquals(before, _cluster["secrets", "keys"]), _cluster["secrets", "keys"].ToJsonString());
    }

    [Fact]
    public async Task In_place_somebody_else_is_quicker()
    {
        _cluster.Sent = (_, _, _) =>
        {
            _cluster.Sent = (_, _, _) => { };
            _cluster.Touch("secrets", "keys", secret => secret["data"]!["OTHER"] = "dGhlaXJz");
        };

        var late = await _bench.DeliverAsync(_bench.Secrets, InPlace, "new-1");

        Assert.Equal(StepOutcomeKind.RetryLater, late.Kind);
        Assert.Equal("old", _cluster.Value("keys", "ONE"));
        Assert.Equal(StepOutcomeKind.Done, (await _bench.DeliverAsync(_bench.Secrets, InPlace, "new-1")).Kind);
        Assert.Equal("theirs", _cluster.Value("keys", "OTHER"));
    }

    [Fact]
    public async Task In_place_what_cannot_work_is_refused_with_what_to_do()
    {
        var settings = InPlace;
        settings["secret"] = "jwt-secret";
        Assert.Contains("mode: new-name", (await _bench.Secrets.ValidateAsync(_bench.Call(settings), default)).Reason);
        Assert.Equal(StepOutcomeKind.Rejected, (await _bench.DeliverAsync(_bench.Secrets, settings, "new-1")).Kind);

        _cluster.Touch(
            "secrets",
            "keys",
            secret => secret["metadata"]!["ownerReferences"] = JsonNode.Parse(
                """[{ "kind": "ExternalSecret", "name": "shop", "controller": true }]"""));
        Assert.Contains("external-secret", (await _bench.Secrets.ValidateAsync(_bench.Call(InPlace), default)).Reason);

        _cluster.Touch("secrets", "keys", secret => secret["metadata"]!["ownerReferences"]![0]!["controller"] = false);
        _cluster.Denied.Add("patch secrets");
        Assert.Contains("may not patch secrets 'keys'", (await _bench.Secrets.ValidateAsync(_bench.Call(InPlace), default)).Reason);

        _cluster.Denied.Clear();
        _cluster.Touch(
            "secrets",
            "keys",
            secret => secret["metadata"]!["annotations"]!["kubectl.kubernetes.io/last-applied-configuration"] = "{}");
        Assert.Contains("kubectl apply", (await _bench.Secrets.ValidateAsync(_bench.Call(InPlace), default)).Facts!["warning"]);
    }

    [Fact]
    public async Task In_place_arrival_tells_the_key_that_differs()
    {
        await _bench.DeliverAsync(_bench.Secrets, InPlace, "new-1", "new-2");
        Assert.True((await _bench.ConfirmAsync(_bench.Secrets, InPlace, "new-1", "new-2")).Succeeded);

        _cluster.Touch("secrets", "keys", secret => secret["data"]!["TWO"] = "b2xk");
        var overwritten = await _bench.ConfirmAsync(_bench.Secrets, InPlace, "new-1", "new-2");
        Assert.Equal(StepOutcomeKind.RetryLater, overwritten.Kind);
        Assert.Contains("at TWO", overwritten.Reason);

        _cluster.Remove("secrets", "keys");
        Assert.Equal(StepOutcomeKind.RetryLater, (await _bench.ConfirmAsync(_bench.Secrets, InPlace, "new-1", "new-2")).Kind);
    }

    [Fact]
    public async Task A_new_name_replaces_every_place_that_named_the_old_one_and_no_other()
    {
        Assert.Equal(StepOutcomeKind.Done, (await _bench.DeliverAsync(_bench.Secrets, NewName, "new-1", "new-2")).Kind);

        var made = _cluster["secrets", "jwt-secret-v2"];
        Assert.Equal("new-1", _cluster.Value("jwt-secret-v2", "KEY_ONE"));
        Assert.Equal("stays", _cluster.Value("jwt-secret-v2", "OTHER"));
        Assert.True(made.Flag("immutable"));
        Assert.Equal("custom/jwt", made.Text("type"));
        Assert.Equal("shop", made.Text("metadata", "labels", "team"));
        Assert.Equal("jwt-1", made.Annotation("rotation.rotunda.dev/jwt"));
        foreach (var workload in new[] { _cluster["deployments", "api"], _cluster["statefulsets", "worker"] })
        {
            Assert.Equal(JsonNode.Parse(FakeControllers.Template("X"))!["spec"]!.ToJsonString()
                .Replace("\"X\",\"key\"", "\"jwt-secret-v2\",\"key\"").Replace(
                    "secretRef\":{\"name\":\"X\"",
                    "secretRef\":{\"name\":\"jwt-secret-v2\"")
                .Replace("secretName\":\"X\"", "secretName\":\"jwt-secret-v2\"").Replace(
                    "\"secret\":{\"name\":\"X\"",
                    "\"secret\":{\"name\":\"jwt-secret-v2\"")
                .Replace("\"X\"", "\"jwt-secret\""), workload["spec"]!["template"]!["spec"]!.ToJsonString());
            Assert.Equal(2, workload.Number("metadata", "generation"));
        }

        Assert.True((await _bench.ConfirmAsync(_bench.Secrets, NewName, "new-1", "new-2")).Succeeded);
        Assert.Equal(StepOutcomeKind.AlreadyDone, (await _bench.DeliverAsync(_bench.Secrets, NewName, "new-1", "new-2")).Kind);
        Assert.False(_cluster.Has("secrets", "jwt-secret-v3"));
    }

    [Fact]
    public async Task Each_phase_of_dual_keys_has_its_name_and_going_back_a_phase_takes_the_one_that_is_there()
    {
        using var captured = await _bench.Secrets.CaptureAsync(_bench.Call(NewName), default);
        await _bench.DeliverAsync(_bench.Secrets, NewName, "old", "new");
        await _bench.DeliverAsync(_bench.Secrets, NewName, "new", "old");
        Assert.Equal(["jwt-secret-v3", "jwt-secret-v3"], Named());

        await _bench.DeliverAsync(_bench.Secrets, NewName, "old", "new");
        Assert.Equal(["jwt-secret-v2", "jwt-secret-v2"], Named());

        Assert.Equal(StepOutcomeKind.Done, (await _bench.Secrets.RestoreAsync(_bench.Call(NewName), captured, default)).Kind);
        Assert.Equal(["jwt-secret", "jwt-secret"], Named());
        Assert.Equal(["jwt-secret", "jwt-secret-v2", "jwt-secret-v3", "keys"], _cluster.All("secrets").Select(secret => secret.Name()));
    }

    [Fact]
    public async Task Old_names_go_with_a_later_rotation_once_nothing_names_them()
    {
        await _bench.DeliverAsync(_bench.Secrets, NewName, "one", "a");
        await _bench.DeliverAsync(_bench.Secrets, NewName, "two", "b", rotation: "jwt-2");
        Assert.True(_cluster.Has("secrets", "jwt-secret-v2"), "The way back of the second rotation leads to it.");

        _cluster.Put(
            "cronjobs",
            """
            { "metadata": { "name": "nightly" },
              "spec": { "jobTemplate": { "spec": { "template": { "spec": {
                "volumes": [{ "name": "k", "secret": { "secretName": "jwt-secret-v2" } }] } } } } } }
            """);
        await _bench.DeliverAsync(_bench.Secrets, NewName, "three", "c", rotation: "jwt-3");
        Assert.True(_cluster.Has("secrets", "jwt-secret-v2"), "A CronJob names it.");

        _cluster.Remove("cronjobs", "nightly");
        var fourth = await _bench.DeliverAsync(_bench.Secrets, NewName, "four", "d", rotation: "jwt-4");
        Assert.Equal("jwt-secret-v2, jwt-secret-v3", fourth.Facts!["deleted"]);
        Assert.Equal(["jwt-secret", "jwt-secret-v4", "jwt-secret-v5", "keys"], _cluster.All("secrets").Select(secret => secret.Name()));
        Assert.Equal(["jwt-secret-v5", "jwt-secret-v5"], Named());
    }

    [Fact]
    public async Task Every_page_of_what_is_there_is_looked_at()
    {
        _cluster.PageSize = 2;
        await _bench.DeliverAsync(_bench.Secrets, NewName, "one");
        await _bench.DeliverAsync(_bench.Secrets, NewName, "two", rotation: "jwt-2");
        _cluster.Put(
            "pods",
            """
            { "metadata": { "name": "zz-last" },
              "spec": { "containers": [{ "name": "c", "envFrom": [{ "secretRef": { "name": "jwt-secret-v2" } }] }] } }
            """);

        await _bench.DeliverAsync(_bench.Secrets, NewName, "three", rotation: "jwt-3");

        Assert.True(_cluster.Has("secrets", "jwt-secret-v2"), "The last pod of the last page names it.");
        Assert.Contains(_cluster.Vendor.Requests, request => request.Contains("/pods?limit=500&continue=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_is_deleted_where_that_is_not_wanted_or_not_seen()
    {
        await _bench.DeliverAsync(_bench.Secrets, NewName, "one");
        var keeping = NewName;
        keeping["deleteOld"] = false;
        await _bench.DeliverAsync(_bench.Secrets, keeping, "two", rotation: "jwt-2");
        await _bench.DeliverAsync(_bench.Secrets, keeping, "three", rotation: "jwt-3");
        Assert.True(_cluster.Has("secrets", "jwt-secret-v2"));

        _cluster.Denied.Add("list pods");
        Assert.True((await _bench.DeliverAsync(_bench.Secrets, NewName, "four", rotation: "jwt-4")).Succeeded);
        Assert.True(_cluster.Has("secrets", "jwt-secret-v2"));
        Assert.Contains("may not list pods", (await _bench.Secrets.ValidateAsync(_bench.Call(NewName), default)).Reason);
        Assert.True((await _bench.Secrets.ValidateAsync(_bench.Call(keeping), default)).Succeeded);
    }

    [Fact]
    public async Task A_workload_that_changed_meanwhile_is_read_again()
    {
        _cluster.Sent = (path, _, _) =>
        {
            _cluster.Sent = (_, _, _) => { };
            _cluster.Touch("deployments", "api", workload => workload["spec"]!["template"]!["spec"]!.AsObject().Remove("initContainers"));
        };

        var late = await _bench.DeliverAsync(_bench.Secrets, NewName, "new");

        // The Secret was made already, so not "nothing happened".
        Assert.Equal(StepOutcomeKind.Unknown, late.Kind);
        Assert.Contains("changed by somebody else", late.Reason);
        Assert.Equal(StepOutcomeKind.Done, (await _bench.DeliverAsync(_bench.Secrets, NewName, "new")).Kind);
        Assert.Equal(["jwt-secret-v2", "jwt-secret-v2"], Named());
    }

    [Fact]
    public async Task A_workload_that_names_several_is_refused()
    {
        _cluster.Touch(
            "deployments",
            "api",
            workload => workload["spec"]!["template"]!["spec"]!["volumes"]![0]!["secret"]!["secretName"] = "jwt-secret-v7");

        Assert.Contains("several of these Secrets", (await _bench.Secrets.ValidateAsync(_bench.Call(NewName), default)).Reason);
    }

    /// <summary>The one Secret of the family that each workload names.</summary>
    private List<string> Named() =>
        [.. new[] { _cluster["deployments", "api"], _cluster["statefulsets", "worker"] }.Select(workload =>
            SecretReferences.Of(
                workload["spec"]).Select(reference => reference.Secret).Where(name => name.StartsWith(
                    "jwt-",
                    StringComparison.Ordinal)).Distinct().Single())];
}
