namespace Rotunda.Architecture.Tests.Messages;

/// <summary>
/// Walks all that the sources can say to people when something is wrong: the reasons of outcomes and the texts of exceptions that are
/// made for people, with what methods, constants and callers of the same type put into them. Grammar is for readers.
/// </summary>
public sealed class MessageTests
{
    /// <summary>These end in words that another part has written, which the walk cannot follow. Each was read.</summary>
    private static readonly string[] Read =
    [
        "Providers/Clients/Kubernetes/Kubeconfig.cs: The cluster '‹name›' of the kubeconfig ‹why›.",
        "Providers/Clients/Kubernetes/Kubeconfig.cs: The user '‹name›' of the kubeconfig ‹why›.",
        "Providers/Contract/SettingInvalidException.cs: The setting '‹name›' ‹why›",
        "Providers.Targets/ExternalSecrets/ExternalSecretProvider.cs: The ExternalSecret '‹name›' ‹obstacle›",
    ];

    [Fact]
    public void Everything_that_is_said_to_people_says_what_where_and_what_to_do()
    {
        var said = MessageSites.In(Path.Combine(Repository.Root, "src"));
        var bad = said.Select(one => (one, problem: MessageRules.Problem(one))).Where(one => one.problem is not null).ToList();

        Assert.True(said.Count > 700, $"Only {said.Count} messages were found.");
        Assert.Empty(Read.Except(bad.Select(one => Key(one.one)), StringComparer.Ordinal));
        var mute = bad.Where(one => !Read.Contains(Key(one.one), StringComparer.Ordinal))
            .Select(one => $"src/{one.one.File}:{one.one.Line} {one.problem}: {one.one.Text}");
        Assert.True(!mute.Any(), "Tired people at night need more than this:\n" + string.Join('\n', mute.Distinct(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("Rejected", "The folder ‹folder› does not exist. Create it, or correct 'path'.", null)]
    [InlineData("Rejected", "The folder ‹folder› does not exist.", "does not say what to do")]
    [InlineData("Rejected", "There is no value again, and the first has to be found instead: 'x'.", "does not say what to do")]
    [InlineData("Rejected", "It is not there. Create it.", "does not say where")]
    [InlineData("Rejected", "the server at ‹at› is a standby. Give the primary.", "does not begin like a sentence")]
    [InlineData("Rejected", "‹path› is no file, Give one", "does not end like a sentence, or with a command")]
    [InlineData("Rejected", "The the file ‹path› is gone.. Restore it.", "is broken at '..'")]
    [InlineData("RetryLater", "The pooler at ‹at› still has connections from before.", null)]
    [InlineData("ReferenceUnresolvedException", "the file is empty. Write the value into it.", null)]
    [InlineData("CommandException", "There is no ledger in ‹path›. See: rotunda ledger check", null)]
    [InlineData("Rejected", "‹everything›", null)]
    public void The_rules_tell_a_message_that_helps_from_one_that_does_not(string by, string text, string? problem) =>
        Assert.Equal(problem, MessageRules.Problem(new SaidMessage("Providers/X.cs", 1, by, text)));

    [Fact]
    public void The_walk_follows_branches_callers_and_what_a_type_says_elsewhere()
    {
        var folder = Directory.CreateTempSubdirectory("rotunda-messages-");
        File.WriteAllText(Path.Combine(folder.FullName, "X.cs"), """
            class X
            {
                const string Tail = "Restart it.";
                StepOutcome A(bool b) => StepOutcome.Rejected(b ? $"Down: {What(1)} {Tail}" : Other ?? "gone");
                string What(int n) => n switch { 1 => "one", _ => null };
                StepOutcome Fail(string why) => StepOutcome.Unknown($"It {why}.");
                void C() { Fail("broke"); Fail(why: name + " fell"); }
                Exception D() => new CommandException(ExitCodes.CannotWork, "Give " + "two");
            }
            """);

        var said = MessageSites.In(folder.FullName).Select(one => $"{one.Line} {one.By} {one.Text}");

        Assert.Equal(
            [
                "4 Rejected Down: one Restart it.", "4 Rejected ‹Other›", "4 Rejected gone",
                "6 Unknown It broke.", "6 Unknown It ‹name› fell.", "8 CommandException Give two",
            ],
            said);
        folder.Delete(recursive: true);
    }

    private static string Key(SaidMessage said) => $"{said.File.Replace('\\', '/')}: {said.Text}";
}
