using Rotunda.Server.Commands;

namespace Rotunda.Server.Tests;

/// <summary>A command line that cannot be read is answered in one sentence that says what was meant, or what is missing.</summary>
public sealed class WrongWordsTests
{
    [Theory]
    [InlineData("stauts", "There is no command 'stauts'. Did you mean 'status'?")]
    [InlineData("stauts --wacth", "There is no command 'stauts'. Did you mean 'status'?")]
    [InlineData("catalog valdate", "There is no command 'catalog valdate'. Did you mean 'validate'?")]
    [InlineData("xyzzy", "There is no command 'xyzzy'.")]
    [InlineData("rotate a --wiat", "'rotunda rotate' has no option '--wiat'. Did you mean '--wait'?")]
    [InlineData("rotate a --jsn", "'rotunda rotate' has no option '--jsn'. Did you mean '--json'?")]
    [InlineData("--verson", "'rotunda' has no option '--verson'. Did you mean '--version'?")]
    [InlineData("rotate a --reason left the team", "'rotunda rotate' does not take 'the'. Put quotes around words that belong together.")]
    [InlineData("rotate", "'rotunda rotate' needs SECRET. The secret's name in the catalog.")]
    [InlineData("token", "'rotunda token' needs one of: create, list, renew, revoke.")]
    [InlineData("", "Give a command, such as: rotunda status. All of them: rotunda help")]
    [InlineData("status --data", "--data needs a value. The data directory (or ROTUNDA_DATA).")]
    [InlineData("--data", "--data needs a value. The data directory (or ROTUNDA_DATA).")]
    [InlineData("rotations --limit abc", "'abc' is no whole number. Give one with --limit.")]
    [InlineData("orphans settle x --kept --reason y", "'x' is no whole number. Give one as ID.")]
    [InlineData("orphans settle 1 --kept --wait --reason y", "--wait is for --revoke: the others are done at once.")]
    [InlineData("token create v --role banana", "Argument 'banana' not recognized. Must be one of: viewer, operator, approver, admin.")]
    [InlineData("plan", "Give the name of a secret, or --all.")]
    public void It_is_told_in_one_sentence(string typed, string said)
    {
        var parsed = CommandLine.Build(Terminal.OfProcess()).Parse(typed.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(said, Assert.Single(ParseProblems.Of(parsed)));
    }
}
