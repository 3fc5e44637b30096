using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Tests.Catalog;

/// <summary>Who is asked, as the catalog says it.</summary>
public sealed class ApprovalCatalogTests
{
    private const string Top = """
        version: 1
        teams: { platform: [anna, ben] }
        defaults:
          approval: { before: revoke }
          approvals:
            high: { before: start, need: 2, from: { teams: [platform], people: [Anna, carla] }, remind: 4h, timeout: 2d }
        """;

    [Fact]
    public void A_risk_class_has_its_own_and_a_secret_says_otherwise()
    {
        var catalog = Read("""
            secrets:
              risky: { risk: high, strategy: dual-key, provider: { type: generated } }
              calm: { risk: low, strategy: dual-key, provider: { type: generated } }
              own: { risk: high, strategy: dual-key, provider: { type: generated }, approval: { before: start, from: { roles: [admin] } } }
            """).Catalog!;

        var risky = catalog.Policies["risky"].Approval!;
        Assert.Equal((2, ApprovalMoment.Start), (risky.Need, risky.Before));
        Assert.Equal(["Anna", "carla", "ben"], risky.People!);
        Assert.Null(risky.Roles);
        Assert.Equal((TimeSpan.FromHours(4), TimeSpan.FromDays(2)), (risky.Remind, risky.Timeout));
        Assert.Equal(new ApprovalPolicy(ApprovalMoment.Revoke, null), catalog.Policies["calm"].Approval);
        Assert.Equal((1, "admin"), (catalog.Policies["own"].Approval!.Need, catalog.Policies["own"].Approval!.Roles!.Single()));
    }

    [Theory]
    [InlineData("need: 4, from: { people: [a, b] }", "need: is 4, and \"from\" has 2 people.")]
    [InlineData("from: { roles: [operator] }", "\"operator\" cannot approve.")]
    [InlineData("from: { teams: [platfrom] }", "there is no team \"platfrom\". Did you mean \"platform\"?")]
    [InlineData("from: {}", "nobody is named.")]
    [InlineData("from: { people: [] }", "is empty")]
    [InlineData("from: { people: ['a, b'] }", "is no name of a person")]
    [InlineData("need: 0", "need")]
    [InlineData("escalate: { to: [lead] }", "after")]
    [InlineData("escalate: { after: 1h, to: [] }", "names no channel")]
    [InlineData("timeout: 1h, escalate: { after: 1h, to: [lead] }", "nothing is asked any more by then: the rotation waits for 1h")]
    [InlineData("escalate: { after: 1h, to: [lead] }", "one escalates to the channel \"lead\", which is not under \"notices\"")]
    public void What_could_never_be_approved_is_a_problem(string approval, string problem)
    {
        var problems = Read($$"""
            secrets:
              one: { strategy: dual-key, provider: { type: generated }, approval: { before: start, {{approval}} } }
            """).Problems;

        Assert.Contains(problems, one => one.Message.Contains(problem, StringComparison.Ordinal));
    }

    [Fact]
    public void A_plan_that_says_nothing_needs_one_person() => Assert.Equal(ApprovalRule.One, ApprovalRule.Of(null));

    /// <summary>In the plan, so that a change of the catalog does not touch what is under way.</summary>
    [Fact]
    public void Who_is_told_where_nobody_answers_is_in_the_plan()
    {
        var policy = Read("""
            notices:
              channels: { lead: { type: pager, key: env:K }, more: { type: pager, key: env:L } }
              routes: { all: { to: [lead, more] } }
            secrets:
              one:
                strategy: dual-key
                provider: { type: generated }
                approval: { before: start, escalate: { after: 1d, to: [lead, more] } }
            """).Catalog!.Policies["one"];

        var settings =
            ApprovalRule.Settings(policy.Approval).Where(one => one.Value is not null).ToDictionary(one => one.Name, one => one.Value!);
        var step = new PlannedStep(
            "approve", StepKinds.Approval, "Approve", null, null, settings, null, new RetryBudget(1, default, default), null, []);
        var escalation = Escalation.Of(step)!;
        Assert.Equal((TimeSpan.FromDays(1), "lead more"), (escalation.After, string.Join(' ', escalation.To)));
    }

    private static CatalogResult Read(string secrets) => CatalogReader.Read(
        $"{Top}\n{secrets}", "catalog.yaml", Path.GetTempPath(), Samples.Descriptors);
}
