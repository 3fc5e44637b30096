namespace Rotunda.Architecture.Tests.Bicep;

internal enum BicepTokenKind
{
    Name,
    Number,
    Text,
    Sign,
    NewLine,
    End,
}

/// <param name="Value">Name, digits or sign.</param>
/// <param name="Parts">The literal pieces of a string.</param>
/// <param name="Holes">What stands between them, as source.</param>
internal sealed record BicepToken(BicepTokenKind Kind, string Value, int Line, IReadOnlyList<string>? Parts = null, IReadOnlyList<string>? Holes = null);

/// <summary>Splits a Bicep file into tokens; comments vanish, ends of line count.</summary>
internal sealed class BicepLexer(string path, string text)
{
    private static readonly string[] s_signs =
        ["...", "=>", "==", "!=", "=~", "!~", "<=", ">=", "&&", "||", "??", "::", ".?", "[?", "{", "}", "[", "]", "(", ")", ":", ",", ".", "?", "=", "+", "-", "*", "/", "%", "<", ">", "!", "@", "|"];

    private int _at;
    private int _line = 1;

    public static List<BicepToken> Split(string path, string text)
    {
        var lexer = new BicepLexer(path, text);
        var tokens = new List<BicepToken>();
        do
        {
            tokens.Add(lexer.Next());
        }
        while (tokens[^1].Kind != BicepTokenKind.End);
        return tokens;
    }

    public static InvalidDataException Wrong(string path, int line, string what) => new($"{path}:{line}: {what}");

    private BicepToken Next()
    {
        SkipBlanks();
        if (_at == text.Length)
        {
            return new(BicepTokenKind.End, "", _line);
        }

        var c = text[_at];
        return c switch
        {
            '\n' => NewLine(),
            '\'' => Text(),
            _ when char.IsAsciiLetter(c) || c == '_' => new(BicepTokenKind.Name, While(x => char.IsAsciiLetterOrDigit(x) || x == '_'), _line),
            _ when char.IsAsciiDigit(c) => new(BicepTokenKind.Number, While(char.IsAsciiDigit), _line),
            _ => Sign(),
        };
    }

    private void SkipBlanks()
    {
        while (_at < text.Length)
        {
            if (text[_at] is ' ' or '\t' or '\r')
            {
                _at++;
            }
            else if (At("//"))
            {
                While(x => x != '\n');
            }
            else if (At("/*"))
            {
                var end = text.IndexOf("*/", _at, StringComparison.Ordinal);
                _line += text[_at..end].Count(x => x == '\n');
                _at = end + 2;
            }
            else
            {
                return;
            }
        }
    }

    private BicepToken NewLine()
    {
        _at++;
        return new(BicepTokenKind.NewLine, "\n", _line++);
    }

    private BicepToken Sign()
    {
        var sign = s_signs.FirstOrDefault(At) ?? throw Wrong(path, _line, $"'{text[_at]}' is no part of Bicep.");
        _at += sign.Length;
        return new(BicepTokenKind.Sign, sign, _line);
    }

    private BicepToken Text()
    {
        if (At("'''"))
        {
            throw Wrong(path, _line, "a text over many lines is not read by this test: use a plain one.");
        }

        _at++;
        List<string> parts = [];
        List<string> holes = [];
        var part = new System.Text.StringBuilder();
        while (text[_at] != '\'')
        {
            if (At("${"))
            {
                parts.Add(part.ToString());
                part.Clear();
                holes.Add(Hole());
            }
            else
            {
                part.Append(Character());
            }
        }

        _at++;
        return new(BicepTokenKind.Text, "", _line, [.. parts, part.ToString()], holes);
    }

    private char Character()
    {
        if (text[_at] == '\n')
        {
            throw Wrong(path, _line, "a text has no end on its line.");
        }

        if (text[_at] != '\\')
        {
            return text[_at++];
        }

        _at += 2;
        return text[_at - 1] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', '\\' or '\'' or '$' => text[_at - 1], var c => throw Wrong(path, _line, $"'\\{c}' is no escape.") };
    }

    /// <summary>From after "${" to its "}", with the texts and braces inside.</summary>
    private string Hole()
    {
        _at += 2;
        var start = _at;
        for (var depth = 1; depth > 0;)
        {
            var token = Next();
            depth += token.Kind == BicepTokenKind.Sign ? token.Value switch { "{" => 1, "}" => -1, _ => 0 } : 0;
            if (token.Kind == BicepTokenKind.End)
            {
                throw Wrong(path, _line, "an interpolation has no end.");
            }
        }

        return text[start..(_at - 1)];
    }

    private bool At(string sign) => string.CompareOrdinal(text, _at, sign, 0, sign.Length) == 0;

    private string While(Func<char, bool> fits)
    {
        var start = _at;
        while (_at < text.Length && fits(text[_at]))
        {
            _at++;
        }

        return text[start.._at];
    }
}
