using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;

namespace Rotunda.Providers.References;

/// <summary>
/// The forms in which one value may turn up in a text. They lie in memory that is never moved and are cleared when they are disposed,
/// as the value itself.
/// </summary>
internal sealed class SecretForms : IDisposable
{
    private const int ShortestPart = 8;
    // The longest is JSON's: six characters for each.
    private const int Growth = 6;
    private readonly List<char[]> _forms = [];
    private readonly char[] _scratch;

    public SecretForms(ReadOnlySpan<byte> value)
    {
        _scratch = Pinned((value.Length * Growth) + (Growth * 2));
        var text = Pinned(Encoding.UTF8.GetCharCount(value));
        Encoding.UTF8.GetChars(value, text);
        if (value.Length > 0)
        {
            AddTexts(text, value);
            AddEncoded(value);
        }

        Clear(text);
        Clear(_scratch);
    }

    public IReadOnlyList<char[]> All => _forms;

    public void Dispose()
    {
        _forms.ForEach(Clear);
        _forms.Clear();
    }

    private void AddTexts(ReadOnlySpan<char> text, ReadOnlySpan<byte> value)
    {
        Add(text);
        Add(Escaped(value, "-._~", '\0'));
        Add(Escaped(value, "-_.!*()", '+'));
        JavaScriptEncoder.Default.Encode(text, _scratch, out _, out var written);
        Add(_scratch.AsSpan(0, written));
        AddQuoted(text);
        foreach (var range in text.Split('\n'))
        {
            var line = text[range].Trim();
            if (line.Length >= ShortestPart && line.Length < text.Length)
            {
                Add(line);
            }
        }
    }

    /// <summary>As templates and env files write it for shells, YAML, SQL, ADO.NET, libpq and whoever expands a $.</summary>
    private void AddQuoted(ReadOnlySpan<char> text)
    {
        foreach (var symbols in new[] { "\\\"", "\\\"$`", "\\'", "\"$", "$" })
        {
            Add(Quoted(text, symbols, "\\"));
        }

        foreach (var symbol in new[] { "'", "\"", "$" })
        {
            Add(Quoted(text, symbol, symbol));
        }

        Add(Quoted(text, "'", "'\\'"));
    }

    /// <param name="before">Stands before each of the symbols.</param>
    private ReadOnlySpan<char> Quoted(ReadOnlySpan<char> text, string symbols, string before)
    {
        var length = 0;
        foreach (var symbol in text)
        {
            if (symbols.Contains(symbol, StringComparison.Ordinal))
            {
                before.CopyTo(_scratch.AsSpan(length));
                length += before.Length;
            }

            _scratch[length++] = symbol;
        }

        return _scratch.AsSpan(0, length);
    }

    private void AddEncoded(ReadOnlySpan<byte> value)
    {
        Convert.TryToHexString(value, _scratch, out var length);
        Add(_scratch.AsSpan(0, length));
        Convert.TryToBase64Chars(value, _scratch, out length);
        Add(_scratch.AsSpan(0, length));
        Add(_scratch.AsSpan(0, Base64Url.EncodeToChars(value, _scratch)));

        // What base64 of a longer text shows of the value (as in "Basic user:password"), for each of the three alignments.
        var shifted = GC.AllocateArray<byte>(value.Length + 2, pinned: true);
        for (var before = 0; before < 3; before++)
        {
            value.CopyTo(shifted.AsSpan(before));
            shifted.AsSpan(0, before).Clear();
            Convert.TryToBase64Chars(shifted.AsSpan(0, before + value.Length), _scratch, out _);
            var first = ((before * 8) + 5) / 6;
            var last = (before + value.Length) * 8 / 6;
            if (last - first >= ShortestPart)
            {
                Add(_scratch.AsSpan(first..last));
                _scratch.AsSpan(first..last).Replace('+', '-');
                _scratch.AsSpan(first..last).Replace('/', '_');
                Add(_scratch.AsSpan(first..last));
            }
        }

        CryptographicOperations.ZeroMemory(shifted);
    }

    /// <param name="safe">Besides letters and digits.</param>
    /// <param name="space">What a space becomes, if not its code.</param>
    private ReadOnlySpan<char> Escaped(ReadOnlySpan<byte> value, string safe, char space)
    {
        var length = 0;
        foreach (var symbol in value)
        {
            if (char.IsAsciiLetterOrDigit((char)symbol) || safe.Contains((char)symbol, StringComparison.Ordinal))
            {
                _scratch[length++] = (char)symbol;
            }
            else if (symbol == ' ' && space != '\0')
            {
                _scratch[length++] = space;
            }
            else
            {
                _scratch[length++] = '%';
                Convert.TryToHexString([symbol], _scratch.AsSpan(length), out var written);
                length += written;
            }
        }

        return _scratch.AsSpan(0, length);
    }

    private void Add(ReadOnlySpan<char> form)
    {
        foreach (var known in _forms)
        {
            if (form.SequenceEqual(known))
            {
                return;
            }
        }

        var copy = Pinned(form.Length);
        form.CopyTo(copy);
        _forms.Add(copy);
    }

    private static char[] Pinned(int length) => GC.AllocateUninitializedArray<char>(length, pinned: true);

    private static void Clear(char[] text) => CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(text.AsSpan()));
}
