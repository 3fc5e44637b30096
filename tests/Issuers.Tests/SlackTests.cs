using Rotunda.Issuers.Tests.Tables;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;

namespace Rotunda.Issuers.Tests;

/// <summary>What Slack's errors say of whether something was done: they come with status 200.</summary>
public sealed class SlackTests
{
    [Theory]
    [InlineData("invalid_grant_type", StepOutcomeKind.Rejected)]
    [InlineData("ratelimited", StepOutcomeKind.RetryLater)]
    [InlineData("internal_error", StepOutcomeKind.Unknown)]
    [InlineData("one_that_nobody_has_seen_yet", StepOutcomeKind.Unknown)]
    public async Task Only_what_is_known_to_have_done_nothing_is_a_refusal(string error, StepOutcomeKind expected)
    {
        await using var environment = await Bench.StartAsync("SlackTable");
        ((SlackTable)environment.Table).Says = error;
        var pair = environment.Table.Keys[0].Value;
        var request = new IssueRequest("rotunda-1", null) { InUse = () => Task.FromResult<SecretValue?>(SecretValue.FromText(pair)) };

        var issued = await environment.Provider.Can<IIssueCredentials>()!.IssueAsync(environment.Call(), request, default);

        Assert.Equal(expected, issued.Outcome.Kind);
        Assert.Null(issued.Value);
    }
}
