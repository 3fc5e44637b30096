namespace Rotunda.Architecture.Tests.Bicep;

/// <summary>Reads the part of the Bicep language that this repository's files use; anything else is an error, never skipped.</summary>
internal sealed partial class BicepParser
{
    private readonly string _path;
    private readonly List<BicepToken> _tokens;
    private readonly BicepFile _file;
    private int _at;

    private BicepParser(string path, string text, BicepFile file) =>
        (_path, _tokens, _file) = (path, BicepLexer.Split(path, text), file);

    private BicepToken Now => _tokens[_at];

    public static BicepFile Parse(string path, string text)
    {
        var file = new BicepFile { Path = path };
        new BicepParser(path, text, file).Statements();
        return file;
    }

    private void Statements()
    {
        SkipLines();
        while (Now.Kind != BicepTokenKind.End)
        {
            Statement();
            EndOfLine();
            SkipLines();
        }
    }

    private void Statement()
    {
        var description = Decorators();
        switch (Name())
        {
            case "metadata":
                Name();
                Sign("=");
                Expression();
                break;
            case "using":
                _file.Using = Literal();
                break;
            case "param":
                _file.Parameters.Add(Parameter(description));
                break;
            case "var":
                var variable = Name();
                Sign("=");
                _file.Variables.Add(variable, Expression());
                break;
            case "output":
                var (output, type) = (Name(), Type());
                Sign("=");
                _file.Outputs.Add(new(output, type, description, Expression()));
                break;
            case "module":
                var (module, source) = (Name(), Literal());
                Sign("=");
                _file.Modules.Add(new(module, source, Expression()));
                break;
            case "resource":
                Resource(null);
                break;
            case var other:
                throw Wrong($"'{other}' is no statement that this test knows.");
        }
    }

    private BicepParameter Parameter(string? description)
    {
        var name = Name();
        var type = Is("=") ? "" : Type();
        return new(name, type, description, Take("=") ? Expression() : null);
    }

    private BicepResource Resource(BicepResource? parent)
    {
        var symbol = Name();
        var type = Literal().Split('@');
        var isExisting = Now is { Kind: BicepTokenKind.Name, Value: "existing" };
        _at += isExisting ? 1 : 0;
        Sign("=");
        var own = new BicepResource(symbol, parent is null ? type[0] : $"{parent.Type}/{type[0]}", type.ElementAtOrDefault(1) ?? parent?.Version, isExisting, new BicepName("null"), parent?.Symbol);
        _enclosing.Push(own);
        var body = Expression();
        _enclosing.Pop();
        var whole = own with { Body = body };
        _file.Resources.Add(whole);
        return whole;
    }

    /// <summary>The resource whose body is being read: what is nested in it takes its type and version.</summary>
    private readonly Stack<BicepResource> _enclosing = new();

    /// <summary>Reads the lines that begin with @, and gives the description that is among them.</summary>
    private string? Decorators()
    {
        string? description = null;
        while (Take("@"))
        {
            var decorator = Expression() as BicepCall ?? throw Wrong("a decorator is a call.");
            if (decorator.Function.Path == "description")
            {
                description = decorator.Arguments[0].Literal;
            }

            SkipLines();
        }

        return description;
    }

    private string Type()
    {
        var type = Name();
        while (Is("[") || Is("?"))
        {
            type += Take("?") ? "?" : "[]";
            if (type.EndsWith("[]", StringComparison.Ordinal))
            {
                Sign("[");
                Sign("]");
            }
        }

        return type;
    }

    private string Literal() => Primary().Literal ?? throw Wrong("a text without interpolation belongs here.");

    private string Name() => Now.Kind == BicepTokenKind.Name ? _tokens[_at++].Value : throw Wrong("a name belongs here.");

    private bool Is(string sign) => Now.Kind == BicepTokenKind.Sign && Now.Value == sign;

    private bool Take(string sign)
    {
        var taken = Is(sign);
        _at += taken ? 1 : 0;
        return taken;
    }

    private void Sign(string sign)
    {
        if (!Take(sign))
        {
            throw Wrong($"'{sign}' belongs here.");
        }
    }

    private void SkipLines()
    {
        while (Now.Kind == BicepTokenKind.NewLine)
        {
            _at++;
        }
    }

    private void EndOfLine()
    {
        if (Now.Kind is not (BicepTokenKind.NewLine or BicepTokenKind.End))
        {
            throw Wrong("a line ends here.");
        }
    }

    private InvalidDataException Wrong(string what) => BicepLexer.Wrong(_path, Now.Line, $"{what} There is '{Now.Value}'.");
}
