using System.Text.RegularExpressions;

namespace Rotunda.Architecture.Tests.Messages;

/// <summary>What a tired person at night needs of a message: what happened, where, and what to do if nothing goes on by itself.</summary>
internal static partial class MessageRules
{
    /// <summary>What a clause begins with that tells somebody to do something. Nouns that look alike (a "set") do not begin one.</summary>
    private const string Verbs =
        "add|allow|approve|ask|bring|check|choose|close|come|copy|correct|create|define|delete|deliver|deploy|disable|enable|end|export"
            + "|fetch|find|free|give|grant|hand|import|install|keep|leave|let|look|make|mend|migrate|mount|move|name|open|point|put|raise"
            + "|remove|renew|restart|restore|resume|revoke|roll|rotate|run|save|say|scale|see|send|set|settle|show|sign|start|stop|store"
            + "|take|tell|try|turn|upgrade|upload|use|wait|write";

    /// <summary>A clause begins behind a stop, a bracket, a hole, or a word that leads on.</summary>
    private const string Clause = @"(^|[.;:,?)""'›…] |\b(or|and|then|first|else),? )";

    /// <summary>Systems by their name, and what there is one of.</summary>
    private const string Names =
        "GitHub|Vault|AWS|Kubernetes|Pulumi|PgBouncer|Entra|Authentication|Rotunda|pg_dump|docker|engine|head|body|request|connection"
            + "|server|tokens?|principal|program|kubeconfig|ledger";

    /// <summary>Who says these goes on by itself: the next attempt looks again, and a rotation that stays so shows its ways out.</summary>
    private static readonly string[] GoesOn =
        ["RetryLater", "Unknown", "Missing", "Differs", "Fenced", "Reason", "GivenUpException"];

    /// <summary>These are read behind a beginning that others give: "The reference 'x' cannot be resolved: …".</summary>
    private static readonly string[] Continued =
    [
        "ReferenceUnresolvedException", "SettingInvalidException", "StoreUnavailableException", "LedgerUnavailableException",
        "CatalogUnreadableException", "TimeoutException", "GivenUpException",
    ];

    /// <summary>The title of the step that says it names the place.</summary>
    private static readonly string[] Placed = ["Activities", "Interpreter", "Rotation"];

    /// <summary>What is wrong with it; null if nothing is.</summary>
    public static string? Problem(SaidMessage said)
    {
        var text = Holes().Replace(said.Text.Trim(), "‹›");
        var isContinued = Continued.Contains(said.By, StringComparer.Ordinal);
        var isPlaced = isContinued || Placed.Any(folder => said.File.StartsWith(folder, StringComparison.Ordinal));
        return !text.Any(char.IsLetter) ? null
            : Broken().Match(text) is { Success: true } broken ? $"is broken at '{broken.Value}'"
            : !isContinued && char.IsLower(text[0]) && !Programs().IsMatch(text) ? "does not begin like a sentence"
            : !Ended().IsMatch(text) ? "does not end like a sentence, or with a command"
            : !isPlaced && !Somewhere().IsMatch(text) ? "does not say where"
            : !GoesOn.Contains(said.By, StringComparer.Ordinal) && !SendsOn().IsMatch(text) ? "does not say what to do"
            : null;
    }

    [GeneratedRegex("‹[^›]*›", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Holes();

    /// <summary>Two blanks, two stops, a blank before a stop, a word twice.</summary>
    [GeneratedRegex(
        @"  |\.\.(?!\.)| [.,;:](?= |$)|\b(?<word>[a-z]+) \k<word>\b|, \.|\(\)",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Broken();

    /// <summary>Sentences may begin with the name of a program, as it is typed.</summary>
    [GeneratedRegex("^(docker|pg_dump) ", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Programs();

    /// <summary>With a full stop or a question mark, or with a command to type or what another part says.</summary>
    [GeneratedRegex(@"([.;?!…)›]|: [a-z][^.]*|rotunda [a-z]+( \S+)*)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Ended();

    /// <summary>Something of this case: what is only known when it runs, a setting or an option by its name, or a system.</summary>
    [GeneratedRegex(
        @"‹|'[^' ]+'|--[a-z]+|""[a-z]+:|\b(" + Names + @")\b",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Somewhere();

    /// <summary>A clause that begins with an imperative, or a command; or the rest is said by another part.</summary>
    [GeneratedRegex(
        Clause + "(?i:" + Verbs + @")\b|\b(rotunda|kubectl|vault kv) [a-z]|Did you mean|[:.] ‹›\.?$",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex SendsOn();
}
