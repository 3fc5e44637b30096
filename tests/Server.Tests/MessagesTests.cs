using System.CommandLine;
using Rotunda.Api.Desk;
using Rotunda.Api.Views;
using Rotunda.Ledger;
using Rotunda.Interpreter;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;
using Rotunda.Server.Commands;
using Rotunda.Testing.Simulation;

namespace Rotunda.Server.Tests;

/// <summary>What the command line says, and what a rotation answers to people. What goes wrong is walked by the architecture's
/// tests.</summary>
public sealed class MessagesTests
{
    public static TheoryData<RotationState, ControlVerb> Refusals => new(
        from state in Enum.GetValues<RotationState>()
        from verb in Enum.GetValues<ControlVerb>()
        where verb != ControlVerb.Supersede && !RotationControl.Takes(state, verb)
        select (state, verb));

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Each_refused_verb_says_what_where_when_and_what_to_do(RotationState state, ControlVerb verb)
    {
        var plan = SamplePlans.Make(new() { ApproveRevoke = true });
        var rotation = new RotationRecord(
            plan.RotationId, plan.Secret, 1, state, RotationTrigger.Manual, "why", "anna", null, plan, default, null, null, null);

        var said = ControlWords.Refusal(rotation, verb, step: 3, nextAction: null);

        var begins = $"{plan.RotationId} {ControlWords.Is(state)}, so {RotationActions.NameOf(verb)} has no effect now. ";
        Assert.StartsWith(begins, said, StringComparison.Ordinal);
        Assert.Matches(@" What can be done: rotunda [a-z]+ \S+\.$", said);
        Assert.Equal(3, said.Split(". ").Length);
    }

    [Fact]
    public void Every_action_of_a_rotation_has_words_of_its_own()
    {
        foreach (var action in RotationActions.All)
        {
            var line = TimelineLine.Of(new TimelineEntry(1, default, "rotunda", action, null, null), new Dictionary<string, string>());
            Assert.True(line is null || line.Text != action, $"{action} is shown as it is named: give it words in TimelineLine.");
        }
    }

    [Fact]
    public void Every_command_option_and_argument_is_explained()
    {
        var root = CommandLine.Build(Terminal.OfProcess());
        var left = new Queue<Command>([root]);
        while (left.TryDequeue(out var command))
        {
            Assert.False(string.IsNullOrWhiteSpace(command.Description), command.Name);
            Assert.All(command.Arguments, argument => Assert.EndsWith(".", argument.Description!.TrimEnd(')'), StringComparison.Ordinal));
            Assert.All(command.Options.Where(o => o.Name is not ("--help" or "--version")), option => Assert.NotNull(option.Description));
            foreach (var sub in command.Subcommands)
            {
                left.Enqueue(sub);
            }
        }
    }

    /// <summary>Every command that can follow a rotation takes the same options, and looks at them before it asks a server.</summary>
    [Fact]
    public void Whatever_follows_a_rotation_takes_a_timeout()
    {
        var root = CommandLine.Build(Terminal.OfProcess());
        // A leak is followed until its values are dead, however many rotations that takes.
        var following = root.Subcommands.Where(c => c.Name != "leak" && c.Options.Any(o => o.Name is "--wait" or "--follow")).ToList();
        Assert.Empty(
            new[] { "rotate", "deliver", "retire", "show", "approve", "extend-grace" }.Except(following.Select(command => command.Name)));
        foreach (var command in following)
        {
            string[] start = command.Name switch
            {
                "extend-grace" => [command.Name, "x", "--reason", "y", "--by", "1h"],
                "rotate" or "deliver" or "show" => [command.Name, "x"],
                _ => [command.Name, "x", "--reason", "y"],
            };
            var follow = command.Options.Single(o => o.Name is "--wait" or "--follow").Name;
            Assert.Empty(root.Parse([.. start, follow, "--timeout", "30m"]).Errors);
            Assert.Contains(
                $"together with {follow}",
                Assert.Single(root.Parse([.. start, "--timeout", "30m"]).Errors).Message,
                StringComparison.Ordinal);
            Assert.Contains(
                "'soon' is not a duration",
                Assert.Single(root.Parse([.. start, follow, "--timeout", "soon"]).Errors).Message,
                StringComparison.Ordinal);
        }
    }

    /// <summary>What lives and is rotated no more is bad news, until somebody retires it or has it handed over.</summary>
    [Theory]
    [InlineData(ScheduleGroup.NotInCatalog, null, true)]
    [InlineData(ScheduleGroup.NotInCatalog, RotationState.WaitingForApproval, false)]
    [InlineData(ScheduleGroup.NotInCatalog, RotationState.Grace, false)]
    [InlineData(ScheduleGroup.NotInCatalog, RotationState.Stuck, true)]
    [InlineData(ScheduleGroup.Running, RotationState.Running, false)]
    [InlineData(ScheduleGroup.Overdue, null, true)]
    [InlineData(ScheduleGroup.UpToDate, null, false)]
    public void Status_ends_with_bad_news_where_a_person_has_to_do_something(ScheduleGroup group, RotationState? open, bool bad)
    {
        var secret = new SecretSummary(
            "a", group, "", null, null, [], Strategy.Overlap, "", null, null, null, 0, 0)
        {
            Open = open is { } state ? new OpenRotation("a-1", state, 1, 2, null, 1, 0, null, null, null) : null,
        };

        Assert.Equal(bad, StatusCommand.IsBad(secret));
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public void Completion_knows_every_command(string shell)
    {
        var root = CommandLine.Build(Terminal.OfProcess());
        var script = CompletionScript.For(shell, root);
        Assert.All(root.Subcommands, command => Assert.Contains(command.Name, script, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(90, "in 1m 30s")]
    [InlineData(187_200, "in 2d 4h")]
    [InlineData(0, "now")]
    [InlineData(-20, "20s ago")]
    public void A_moment_is_told_with_how_far_off_it_is(int seconds, string expected)
    {
        var now = new DateTimeOffset(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);
        Assert.Equal(expected, Moments.Distance(TimeSpan.FromSeconds(seconds)));
        var clock = seconds > 86_400 ? "2026-11-29 16:00 UTC" : $"{now.AddSeconds(seconds):HH:mm:ss} UTC";
        Assert.Equal(clock, Moments.Clock(now.AddSeconds(seconds), now));
    }
}
