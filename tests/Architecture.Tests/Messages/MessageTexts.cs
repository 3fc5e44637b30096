using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Rotunda.Architecture.Tests.Messages;

/// <summary>The texts that an expression may become: branches are followed, and so are the methods, constants and locals of the same
/// type, as far as the sources tell.</summary>
internal sealed class MessageTexts
{
    /// <summary>Stands before what is only known when the product runs.</summary>
    public const char HoleBegins = '‹';

    /// <summary>Stands behind it.</summary>
    public const char HoleEnds = '›';

    private const int Most = 48;
    private const int Deepest = 6;
    private readonly ILookup<(string Type, string Member), ExpressionSyntax> _members;
    private readonly ILookup<(string Type, string Member), ArgumentListSyntax> _calls;

    public MessageTexts(IReadOnlyList<CompilationUnitSyntax> roots)
    {
        _members = roots.SelectMany(root => root.DescendantNodes().OfType<MemberDeclarationSyntax>()).SelectMany(Answers)
            .ToLookup(one => one.Key, one => one.Answer);
        _calls = roots.SelectMany(root => root.DescendantNodes().OfType<InvocationExpressionSyntax>())
            .Where(call => call.Expression is IdentifierNameSyntax)
            .ToLookup(call => (TypeOf(call), ((IdentifierNameSyntax)call.Expression).Identifier.Text), call => call.ArgumentList);
    }

    public IReadOnlyList<string> Of(ExpressionSyntax expression) => [.. Of(expression, 0).Take(Most)];

    private IEnumerable<string> Of(ExpressionSyntax expression, int depth) => depth > Deepest ? [Open(expression)] : expression switch
    {
        LiteralExpressionSyntax { Token.Value: string text } => [text],
        LiteralExpressionSyntax literal when literal.IsKind(SyntaxKind.NullLiteralExpression) => [],
        InterpolatedStringExpressionSyntax interpolated => Joined(interpolated.Contents.Select(part => Of(part, depth))),
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } sum =>
            Joined([Of(sum.Left, depth), Of(sum.Right, depth)]),
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.CoalesceExpression } either =>
            Of(either.Left, depth).Concat(Of(either.Right, depth)),
        ParenthesizedExpressionSyntax inner => Of(inner.Expression, depth),
        ConditionalExpressionSyntax choice => Of(choice.WhenTrue, depth).Concat(Of(choice.WhenFalse, depth)),
        SwitchExpressionSyntax cases => cases.Arms.Where(arm => arm.Expression is not ThrowExpressionSyntax)
            .SelectMany(arm => Of(arm.Expression, depth)),
        ThrowExpressionSyntax => [],
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "TrimEnd" } trimmed } call
            when call.ArgumentList.Arguments.Count == 0 => Of(trimmed.Expression, depth).Select(text => text.TrimEnd()),
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "Create" } create } made
            when create.Expression.ToString() == "string" => Of(made.ArgumentList.Arguments[^1].Expression, depth),
        InvocationExpressionSyntax call => Inlined(call, call.Expression, depth),
        IdentifierNameSyntax or MemberAccessExpressionSyntax => Inlined(expression, expression, depth),
        _ => [Open(expression)],
    };

    private IEnumerable<string> Of(InterpolatedStringContentSyntax part, int depth) => part switch
    {
        InterpolatedStringTextSyntax text => [text.TextToken.ValueText.Replace("{{", "{", StringComparison.Ordinal)
            .Replace("}}", "}", StringComparison.Ordinal)],
        InterpolationSyntax { FormatClause: null } hole => Of(hole.Expression, depth),
        InterpolationSyntax hole => [Open(hole.Expression)],
        _ => [""],
    };

    private List<string> Inlined(ExpressionSyntax whole, ExpressionSyntax named, int depth)
    {
        var answers = named switch
        {
            IdentifierNameSyntax name => Local(name) is { } local ? [local]
                : Given(name) is { Count: > 0 } given ? given
                : [.. _members[(TypeOf(whole), name.Identifier.Text)]],
            MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax type } member =>
                _members[(type.Identifier.Text, member.Name.Identifier.Text)].ToList(),
            _ => [],
        };
        var texts = answers.SelectMany(answer => Of(answer, depth + 1)).Take(Most).ToList();
        return texts.Count == 0 || texts.TrueForAll(text => text.StartsWith(HoleBegins) && text.EndsWith(HoleEnds)) ? [Open(whole)] : texts;
    }

    /// <summary>The initializer of a local variable of the same method.</summary>
    private static ExpressionSyntax? Local(IdentifierNameSyntax name) =>
        name.Ancestors().OfType<BaseMethodDeclarationSyntax>().FirstOrDefault()?.DescendantNodes().OfType<VariableDeclaratorSyntax>()
            .FirstOrDefault(variable => variable.Identifier.Text == name.Identifier.Text
                && variable.SpanStart < name.SpanStart)?.Initializer?.Value;

    /// <summary>What the methods of the same type give for a parameter.</summary>
    private List<ExpressionSyntax> Given(IdentifierNameSyntax name)
    {
        if (name.Ancestors().OfType<MethodDeclarationSyntax>().FirstOrDefault() is not { } method)
        {
            return [];
        }

        var index = method.ParameterList.Parameters.Select(parameter => parameter.Identifier.Text).ToList().IndexOf(name.Identifier.Text);
        return index < 0 || !IsText(method.ParameterList.Parameters[index].Type!)
            ? []
            : [.. _calls[(TypeOf(name), method.Identifier.Text)]
                .Select(call => call.Arguments.FirstOrDefault(one => one.NameColon?.Name.Identifier.Text == name.Identifier.Text)
                    ?? call.Arguments.ElementAtOrDefault(index))
                .OfType<ArgumentSyntax>()
                .Select(argument => argument.Expression)];
    }

    private static string TypeOf(SyntaxNode node) =>
        node.Ancestors().OfType<TypeDeclarationSyntax>().FirstOrDefault()?.Identifier.Text ?? "";

    /// <summary>What a method, property or field of the type text can be.</summary>
    private static IEnumerable<((string, string) Key, ExpressionSyntax Answer)> Answers(MemberDeclarationSyntax member)
    {
        var type = TypeOf(member);
        return member switch
        {
            MethodDeclarationSyntax method when IsText(method.ReturnType) =>
                Returned(method.ExpressionBody, method.Body).Select(answer => ((type, method.Identifier.Text), answer)),
            PropertyDeclarationSyntax { ExpressionBody: { } body } property when IsText(property.Type) =>
                [((type, property.Identifier.Text), body.Expression)],
            FieldDeclarationSyntax field when IsText(field.Declaration.Type) => field.Declaration.Variables
                .Where(variable => variable.Initializer is not null)
                .Select(variable => ((type, variable.Identifier.Text), variable.Initializer!.Value)),
            _ => [],
        };
    }

    private static bool IsText(TypeSyntax type) => type.ToString() is "string" or "string?" or "Task<string>" or "Task<string?>";

    private static IEnumerable<ExpressionSyntax> Returned(ArrowExpressionClauseSyntax? arrow, BlockSyntax? block) =>
        arrow is not null ? [arrow.Expression]
        : block?.DescendantNodes().OfType<ReturnStatementSyntax>().Select(one => one.Expression).OfType<ExpressionSyntax>() ?? [];

    private static IEnumerable<string> Joined(IEnumerable<IEnumerable<string>> parts) => parts.Aggregate(
        (IEnumerable<string>)[""],
        (texts, part) => [.. texts.SelectMany(text => part.Select(more => text + more)).Take(Most)]);

    private static string Open(ExpressionSyntax expression) => $"{HoleBegins}{expression}{HoleEnds}";
}
