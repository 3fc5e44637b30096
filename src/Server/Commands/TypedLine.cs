using Rotunda.Rotation.Words;

namespace Rotunda.Server.Commands;

/// <summary>What was typed so far of a line that is not shown. It is forgotten when it is taken.</summary>
internal sealed class TypedLine
{
    private const byte Backspace = 0x08, Delete = 0x7f, EndOfInput = 0x04, Clear = 0x15, Escape = 0x1b;
    private readonly List<byte> _typed = [];
    private bool _inEscape;
    private bool _inSequence;

    /// <summary>Takes what was pressed. Keys that move or do nothing here (arrows, tab) are no part of the value.</summary>
    /// <returns>True once the line is over: what comes behind it is not read.</returns>
    public bool IsOverAfter(ReadOnlySpan<byte> keys)
    {
        foreach (var key in keys)
        {
            if (_inEscape)
            {
                // "ESC [ … letter" or "ESC O letter", as terminals send an arrow.
                _inEscape = (key is (byte)'[' or (byte)'O' && !_inSequence) || key is >= 0x20 and < 0x40;
                _inSequence = _inEscape;
            }
            else if (key is (byte)'\r' or (byte)'\n' or EndOfInput)
            {
                return true;
            }
            else
            {
                Press(key);
            }
        }

        return false;
    }

    /// <returns>Null where nothing was typed.</returns>
    public SecretValue? Take()
    {
        var bytes = _typed.ToArray();
        Forget();
        try
        {
            return bytes.Length == 0 ? null : SecretValue.FromBytes(bytes);
        }
        finally
        {
            Array.Clear(bytes);
        }
    }

    private void Press(byte key)
    {
        switch (key)
        {
            case Escape:
                _inEscape = true;
                break;
            case Clear:
                Forget();
                break;
            case Backspace or Delete:
                // A character beyond ASCII is several bytes.
                while (_typed.Count > 0 && (_typed[^1] & 0xC0) == 0x80)
                {
                    _typed.RemoveAt(_typed.Count - 1);
                }

                if (_typed.Count > 0)
                {
                    _typed.RemoveAt(_typed.Count - 1);
                }

                break;
            case >= 0x20:
                _typed.Add(key);
                break;
        }
    }

    private void Forget()
    {
        for (var at = 0; at < _typed.Count; at++)
        {
            _typed[at] = 0;
        }

        _typed.Clear();
    }
}
