namespace Rotunda.Testing.ApiContract;

/// <summary>Texts that must stand nowhere, looked for in one pass however many there are.</summary>
public sealed class Canaries
{
    /// <summary>By so many of its first characters one is known. A shorter one is none.</summary>
    public const int Least = 16;

    private readonly HashSet<string> _starts = new(StringComparer.Ordinal);
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _look;

    public Canaries() => _look = _starts.GetAlternateLookup<ReadOnlySpan<char>>();

    public int Count => _starts.Count;

    public void Add(string canary)
    {
        if (canary.Length >= Least)
        {
            _starts.Add(canary[..Least]);
        }
    }

    /// <summary>The beginning of one that stands in the text, with what is before it; null if none does.</summary>
    public string? In(ReadOnlySpan<char> text)
    {
        for (var at = 0; at + Least <= text.Length; at++)
        {
            if (_look.Contains(text.Slice(at, Least)))
            {
                return text[Math.Max(0, at - 120)..(at + Least)].ToString();
            }
        }

        return null;
    }
}
