using System.Globalization;

namespace Rotunda.Architecture.Tests.Bicep;

internal sealed partial class BicepParser
{
    private static readonly string[] s_operators = ["==", "!=", "=~", "!~", "<=", ">=", "&&", "||", "??", "+", "-", "*", "/", "%", "<", ">"];

    private BicepNode Expression()
    {
        var condition = Binary();
        if (!TakeOverLines("?"))
        {
            return condition;
        }

        SkipLines();
        var yes = Expression();
        SkipLines();
        Sign(":");
        SkipLines();
        return new BicepOperation("?", [condition, yes, Expression()]);
    }

    /// <summary>Precedence does not matter to the tests: operands are read from left to right.</summary>
    private BicepNode Binary()
    {
        var left = Unary();
        while (Now.Kind == BicepTokenKind.Sign && s_operators.Contains(Now.Value))
        {
            var sign = _tokens[_at++].Value;
            SkipLines();
            left = new BicepOperation(sign, [left, Unary()]);
        }

        return left;
    }

    private BicepNode Unary() => Take("!") ? new BicepOperation("!", [Unary()]) : Take("-") ? new BicepOperation("-", [Unary()]) : Suffixes(Primary());

    private BicepNode Suffixes(BicepNode node)
    {
        while (true)
        {
            if (Take("("))
            {
                node = new BicepCall(node, Items(")"));
            }
            else if (Take(".") || Take(".?"))
            {
                node = new BicepMember(node, Name(), false);
            }
            else if (Take("::"))
            {
                node = new BicepMember(node, Name(), true);
            }
            else if (Take("[") || Take("[?"))
            {
                node = new BicepIndex(node, Items("]").Single());
            }
            else if (!Take("!"))
            {
                return node;
            }
        }
    }

    private BicepNode Primary()
    {
        var token = Now;
        switch (token.Kind)
        {
            case BicepTokenKind.Text:
                _at++;
                return new BicepText(token.Parts!, [.. token.Holes!.Select(hole => new BicepParser(_path, hole, _file).Expression())]);
            case BicepTokenKind.Number:
                _at++;
                return new BicepNumber(long.Parse(token.Value, CultureInfo.InvariantCulture));
            case BicepTokenKind.Name when token.Value == "if":
                return Condition();
            case BicepTokenKind.Name:
                return Symbol();
            case BicepTokenKind.Sign when Take("{"):
                return Object();
            case BicepTokenKind.Sign when Take("["):
                return List();
            case BicepTokenKind.Sign when Is("("):
                return Parentheses();
            default:
                throw Wrong("an expression belongs here.");
        }
    }

    private BicepNode Symbol()
    {
        var name = Name();
        return Take("=>") ? Lambda([name]) : new BicepName(name);
    }

    /// <summary>(a, b) => body, or an expression in parentheses.</summary>
    private BicepNode Parentheses()
    {
        Sign("(");
        var inside = Items(")");
        return Take("=>") ? Lambda([.. inside.Select(i => ((BicepName)i).Name)]) : inside.Single();
    }

    private BicepScope Lambda(IReadOnlyList<string> names)
    {
        SkipLines();
        return new(names, null, Expression());
    }

    private BicepCondition Condition()
    {
        Name();
        Sign("(");
        var condition = Items(")").Single();
        return new(condition, Expression());
    }

    private BicepNode List()
    {
        SkipLines();
        if (Now is not { Kind: BicepTokenKind.Name, Value: "for" })
        {
            return new BicepList(Items("]"));
        }

        Name();
        List<string> names = Take("(") ? [.. Items(")").Select(i => ((BicepName)i).Name)] : [Name()];
        if (Name() != "in")
        {
            throw Wrong("'in' belongs before this.");
        }

        var over = Expression();
        Sign(":");
        SkipLines();
        var body = Expression();
        SkipLines();
        Sign("]");
        return new BicepScope(names, over, body);
    }

    private BicepObject Object()
    {
        // What is nested in a resource's own object is a resource of its own; deeper objects hold properties only.
        var enclosing = _enclosing.TryPeek(out var resource) && !_inside.Contains(resource) ? resource : null;
        if (enclosing is not null)
        {
            _inside.Add(enclosing);
        }

        List<KeyValuePair<BicepNode, BicepNode>> properties = [];
        List<BicepResource> nested = [];
        SkipLines();
        while (!Take("}"))
        {
            var isNested = enclosing is not null && Now is { Kind: BicepTokenKind.Name, Value: "resource" } && _tokens[_at + 1].Kind == BicepTokenKind.Name;
            if (isNested)
            {
                Name();
                nested.Add(Resource(enclosing));
            }
            else
            {
                properties.Add(Property());
            }

            _ = Take(",");
            SkipLines();
        }

        return new(properties, nested);
    }

    private readonly HashSet<BicepResource> _inside = new(ReferenceEqualityComparer.Instance);

    private KeyValuePair<BicepNode, BicepNode> Property()
    {
        var key = Primary();
        Sign(":");
        SkipLines();
        return new(key, Expression());
    }

    private List<BicepNode> Items(string end)
    {
        List<BicepNode> items = [];
        SkipLines();
        while (!Take(end))
        {
            items.Add(Expression());
            SkipLines();
            _ = Take(",");
            SkipLines();
        }

        return items;
    }

    /// <summary>A choice may begin on the next line.</summary>
    private bool TakeOverLines(string sign)
    {
        var back = _at;
        SkipLines();
        if (Take(sign))
        {
            return true;
        }

        _at = back;
        return false;
    }
}
