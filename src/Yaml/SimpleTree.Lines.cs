namespace Rotunda.Yaml;

/// <summary>Where it stands in the lines of the text.</summary>
public sealed partial class SimpleTree
{
    private int _line;
    private int _start;
    private int _end;
    private int _next;

    /// <summary>Where it stands in the text: within the line, from <see cref="_start"/> to <see cref="_end"/>.</summary>
    private int _at;

    /// <summary>Of the line; -1 at the end of the text.</summary>
    private int _indent;

    private int Column => _at - _start + 1;

    private bool IsDash => _at + 1 < _end && _text[_at] == '-' && _text[_at + 1] == ' ';

    /// <summary>Goes to the next line that has more in it than a comment.</summary>
    private void NextLine()
    {
        while (_next < _text.Length)
        {
            (_start, _line) = (_next, _line + 1);
            var length = _text.AsSpan(_start).IndexOf('\n');
            _end = length < 0 ? _text.Length : _start + length;
            _next = _end + 1;
            _at = _start;
            SkipSpaces();
            if (_at < _end && _text[_at] != '#')
            {
                _indent = _at - _start;
                return;
            }
        }
        _indent = -1;
    }

    private bool Is(char expected) => _at < _end && _text[_at] == expected;

    /// <summary>After an opening bracket: whether the closing one follows. Stands there then.</summary>
    private bool IsEmpty(char closing)
    {
        var from = _at++;
        SkipSpaces();
        if (Is(closing))
        {
            return true;
        }
        _at = from;
        return false;
    }

    /// <summary>Goes over one character, and the spaces after it.</summary>
    private void Skip()
    {
        _at++;
        SkipSpaces();
    }

    /// <returns>True at the end of the line.</returns>
    private bool SkipSpaces()
    {
        while (_at < _end && _text[_at] == ' ')
        {
            _at++;
        }
        return _at == _end;
    }

    /// <summary>Whether nothing but a comment is left of the line.</summary>
    private bool IsOver() => SkipSpaces() || (_text[_at] == '#' && _text[_at - 1] == ' ');
}
