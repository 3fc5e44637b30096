using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Activities.Tests.Providers.GitHub;

/// <summary>What Octokit would make of answers and of the way to them, and what of it is let through.</summary>
public sealed class GitHubAnswersTests
{
    private const string Echo = "echo-0123456789";
    private static readonly JsonObject Repository = new() { ["repository"] = "acme/shop" };

    public static TheoryData<string, string> WrongAnswers => new()
    {
        { "text/html", $"<p>{Echo}</p>" },
        { "application/json", Echo },
        { "application/json", "" },
        { "application/json", "{}" },
        { "application/json", "null" },
        { "application/json", $$"""["{{Echo}}"]""" },
        { "application/json", $$"""{"id":"{{Echo}}","key":"{{Echo}}","key_id":"1"}""" },
        { "application/json", $$"""{"id":1,"html_url":"https://github.example/1","actor":{"type":"{{Echo}}"},"key":7}""" },
        { "application/json", """{"id":1,"html_url":"https://github.example/1","created_at":null,"key":null,"key_id":null}""" },
    };

    [Theory]
    [MemberData(nameof(WrongAnswers))]
    public async Task An_answer_that_is_none_of_GitHub_s_is_waited_out_and_never_quoted(string contentType, string body)
    {
        await using var workflow = await GitHubEnvironment.StartAsync();
        await using var repository = await GitHubEnvironment.StartAsync(Repository);
        var delivered = await GitHubDeliveryTests.DeliverAsync(workflow, "value");
        var (one, other) = (workflow.GitHub.State(), repository.GitHub.State());
        void AnswerWrong(GitHubEnvironment environment) =>
            environment.GitHub.Instead.Enqueue(FakeReply.Text(200, body, contentType));

        AnswerWrong(workflow);
        var run = await ConfirmAsync(workflow, delivered);
        AnswerWrong(workflow);
        var list = await GitHubDeliveryTests.DeliverAsync(workflow, "another");
        AnswerWrong(repository);
        var key = await GitHubDeliveryTests.DeliverAsync(repository, "another");

        foreach (var outcome in (StepOutcome[])[run, list, key])
        {
            Assert.Equal(StepOutcomeKind.RetryLater, outcome.Kind);
            Assert.Contains("something else than its API does", outcome.Reason, StringComparison.Ordinal);
            Assert.DoesNotContain(Echo, outcome.Reason, StringComparison.Ordinal);
        }

        Assert.Equal((one, other), (workflow.GitHub.State(), repository.GitHub.State()));
        Assert.Equal(StepOutcomeKind.Done, (await ConfirmAsync(workflow, delivered)).Kind);
    }

    [Fact]
    public async Task A_refusal_that_repeats_the_App_s_token_is_told_without_it()
    {
        await using var environment = await GitHubEnvironment.StartAsync(Repository, isApp: true);
        environment.GitHub.InsteadOf = request =>
            FakeReply.Json(403, new JsonObject { ["message"] = $"no {request.Header("Authorization")} here" });

        var outcome = await GitHubDeliveryTests.DeliverAsync(environment, "value");

        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Contains("no Bearer *** here", outcome.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("ghs_", outcome.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_gone_in_the_middle_of_a_delivery_does_not_mean_that_nothing_was_done()
    {
        await using var environment = await GitHubEnvironment.StartAsync(Repository, isApp: true);
        environment.GitHub.InsteadOf = request =>
        {
            if (!request.Path.EndsWith("/API_KEY_NEXT", StringComparison.Ordinal))
            {
                return null;
            }

            ((Dictionary<string, string>)environment.References).Remove("env:KEY");
            return FakeReply.Json(401, new JsonObject { ["message"] = "Bad credentials" });
        };

        var outcome = await GitHubDeliveryTests.DeliverAsync(environment, "new", "old");

        Assert.Equal(StepOutcomeKind.Unknown, outcome.Kind);
        Assert.Contains("env:KEY", outcome.Reason, StringComparison.Ordinal);
        Assert.Contains("Done before it: PUT", outcome.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_public_key_that_seals_nothing_changes_nothing()
    {
        await using var environment = await GitHubEnvironment.StartAsync(Repository);
        var before = environment.GitHub.State();
        var key = new JsonObject { ["key_id"] = "1", ["key"] = Convert.ToBase64String(new byte[32]) };
        environment.GitHub.Instead.Enqueue(FakeReply.Json(200, key));

        var outcome = await GitHubDeliveryTests.DeliverAsync(environment, "value");

        Assert.Equal(StepOutcomeKind.RetryLater, outcome.Kind);
        Assert.Contains("public key of acme/shop", outcome.Reason, StringComparison.Ordinal);
        Assert.Equal(before, environment.GitHub.State());
    }

    [Fact]
    public async Task A_call_is_made_once_whatever_comes_of_it()
    {
        await using var environment = await GitHubEnvironment.StartAsync(Repository);
        foreach (var fault in FakeFault.All.Where(fault => fault.Kind != FakeFaultKind.Hang))
        {
            environment.Vendor.Forget();
            environment.Vendor.FailAt(0, fault);

            await GitHubDeliveryTests.DeliverAsync(environment, "value");

            Assert.Equal(["GET /repos/acme/shop/actions/secrets/public-key"], environment.Vendor.Requests);
        }
    }

    [Fact]
    public async Task A_call_that_hangs_ends_when_the_ability_is_told_to()
    {
        await using var environment = await GitHubEnvironment.StartAsync(Repository);
        using var told = new CancellationTokenSource();
        environment.Vendor.Hanging = told.Cancel;
        environment.Vendor.FailAt(0, new FakeFault(FakeFaultKind.Hang));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => GitHubDeliveryTests.WithAsync(
            "value", null, values => ((IDeliverValues)environment.Provider).DeliverAsync(environment.Call(), values, told.Token)));

        Assert.Single(environment.Vendor.Requests);
    }

    [Theory]
    [InlineData("sync secrets+1.yml", "sync%20secrets%2B1.yml")]
    [InlineData("../../../user", "..%2F..%2F..%2Fuser")]
    public async Task A_workflow_s_file_is_found_by_its_very_name(string file, string sent)
    {
        await using var environment = await GitHubEnvironment.StartAsync();
        var settings = environment.With(new() { ["syncWorkflow"] = file });

        var valid = await ((IValidateSetup)environment.Provider).ValidateAsync(environment.Call(settings: settings), default);
        Assert.Equal(StepOutcomeKind.Done, valid.Kind);
        Assert.Equal(StepOutcomeKind.Done, (await GitHubDeliveryTests.DeliverAsync(environment, "value", settings: settings)).Kind);

        const string workflows = "/repos/acme/platform/actions/workflows/";
        var requests = environment.Vendor.Requests.Where(request => request.Contains("/workflows/", StringComparison.Ordinal)).ToList();
        Assert.Contains($"GET {workflows}{sent}", requests);
        Assert.All(requests, request => Assert.Contains(workflows + sent, request, StringComparison.Ordinal));
        environment.Vendor.AssertClean();
    }

    [Theory]
    [InlineData("acme/..")]
    [InlineData("../acme")]
    [InlineData("acme/shop?x=1")]
    [InlineData("acme/shop#x")]
    [InlineData("acme/sh%6Fp")]
    [InlineData("acme/shop/secrets")]
    [InlineData("acme/shop\n")]
    public async Task A_repository_that_GitHub_cannot_have_is_refused_before_anything_is_sent(string repository)
    {
        await using var environment = await GitHubEnvironment.StartAsync();

        foreach (var setting in (string[])["repository", "syncRepository"])
        {
            var other = new JsonObject { [setting] = repository };
            if (setting == "repository")
            {
                other["organization"] = null;
            }

            var outcome = await GitHubDeliveryTests.DeliverAsync(environment, "value", settings: environment.With(other));

            Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
            Assert.Contains("Write 'owner/name'", outcome.Reason, StringComparison.Ordinal);
        }

        Assert.Empty(environment.Vendor.Requests);
    }

    private static Task<StepOutcome> ConfirmAsync(GitHubEnvironment environment, StepOutcome delivered) => GitHubDeliveryTests.WithAsync(
        "value",
        null,
        values => ((IConfirmSync)environment.Provider).ConfirmAsync(environment.Call().After(delivered.Facts), values, default));
}
