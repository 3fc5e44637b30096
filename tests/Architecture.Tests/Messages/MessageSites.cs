using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Rotunda.Architecture.Tests.Messages;

/// <summary>Walks sources for what is said to people: the reasons of outcomes, and the texts of exceptions that are made for
/// people.</summary>
internal static class MessageSites
{
    /// <summary>Which argument is the message.</summary>
    private static readonly Dictionary<string, int> Exceptions = new(StringComparer.Ordinal)
    {
        ["CatalogUnreadableException"] = 0,
        ["CommandException"] = 1,
        ["DeliveryException"] = 0,
        ["EscDocumentException"] = 0,
        ["GivenUpException"] = 0,
        ["HeadSettingsException"] = 0,
        ["HttpSetupException"] = 0,
        ["LedgerImportException"] = 0,
        ["LedgerUnavailableException"] = 0,
        ["PlanRefusedException"] = 0,
        ["PostgresSetupException"] = 0,
        ["ReferenceUnresolvedException"] = 1,
        ["RefusedException"] = 2,
        ["RowFormatException"] = 0,
        ["RowsStoppedException"] = 0,
        ["ServerAwayException"] = 0,
        ["SettingInvalidException"] = 1,
        ["StartupException"] = 0,
        ["StoreUnavailableException"] = 0,
        ["TaskHubException"] = 0,
        ["TimeoutException"] = 0,
        ["TokenRefusedException"] = 0,
    };

    private static readonly string[] Outcomes =
        ["Rejected", "RetryLater", "Unknown", "NewValueNeeded", "Missing", "Differs", "Fenced"];

    public static IReadOnlyList<SaidMessage> In(string folder)
    {
        var files = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(file => (file, root: (CompilationUnitSyntax)CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetRoot()))
            .ToList();
        var texts = new MessageTexts([.. files.Select(file => file.root)]);
        return [.. files.SelectMany(file => In(Path.GetRelativePath(folder, file.file), file.root, texts))];
    }

    private static IEnumerable<SaidMessage> In(string file, SyntaxNode root, MessageTexts texts)
    {
        foreach (var node in root.DescendantNodes())
        {
            var (by, message) = Find(node);
            if (message is null)
            {
                continue;
            }

            var line = message.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
            foreach (var text in texts.Of(message).Distinct(StringComparer.Ordinal))
            {
                yield return new SaidMessage(file, line, by, text);
            }
        }
    }

    private static (string By, ExpressionSyntax? Message) Find(SyntaxNode node) => node switch
    {
        InvocationExpressionSyntax
        {
            Expression: MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.Text: "StepOutcome" } } called,
        } call when Outcomes.Contains(called.Name.Identifier.Text) =>
            (called.Name.Identifier.Text, Argument(call.ArgumentList, 0)),
        // A kit's own short form of it.
        InvocationExpressionSyntax { Expression: var called } call when NameOf(called) == "Rejected" =>
            ("Rejected", Argument(call.ArgumentList, 0)),
        ObjectCreationExpressionSyntax { ArgumentList: { } arguments } made
            when Exceptions.TryGetValue(made.Type.ToString(), out var index) => (made.Type.ToString(), Argument(arguments, index)),
        AssignmentExpressionSyntax
        {
            Left: IdentifierNameSyntax { Identifier.Text: "Reason" }, Parent: InitializerExpressionSyntax { Parent: WithExpressionSyntax },
        } assigned => ("Reason", assigned.Right),
        _ => ("", null),
    };

    private static string NameOf(ExpressionSyntax called) => called switch
    {
        IdentifierNameSyntax name => name.Identifier.Text,
        MemberAccessExpressionSyntax member => member.Name.Identifier.Text,
        _ => "",
    };

    private static ExpressionSyntax? Argument(ArgumentListSyntax arguments, int index) =>
        arguments.Arguments.Count > index ? arguments.Arguments[index].Expression : null;
}
