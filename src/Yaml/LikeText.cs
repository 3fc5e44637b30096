namespace Rotunda.Yaml;

/// <summary>Bytes of which only what differs from another text is held: very many texts that are held long begin and end alike. Equal
/// where they are alike to the same text and differ from it in the same.</summary>
public readonly record struct LikeText
{
    private readonly byte[] _whole;
    private readonly byte[]? _own;
    private readonly int _begin;
    private readonly int _end;

    /// <param name="like">Held whole by it; null for none.</param>
    public LikeText(ReadOnlySpan<byte> text, LikeText? like = null)
    {
        var whole = like?._whole ?? [];
        var begin = text.CommonPrefixLength(whole);
        var end = 0;
        for (var most = Math.Min(text.Length, whole.Length) - begin; end < most && text[^(end + 1)] == whole[^(end + 1)]; end++)
        {
        }
        // What has less than half in common is held whole, and the next may be like it.
        (_whole, _own, _begin, _end) = 2 * (begin + end) < text.Length || whole.Length == 0 ? (text.ToArray(), null, 0, 0)
            : text.SequenceEqual(whole) ? (whole, null, 0, 0)
            : (whole, text[begin..^end].ToArray(), begin, end);
    }

    public byte[] ToBytes() => _own is null ? _whole : [.. _whole.AsSpan(0, _begin), .. _own, .. _whole.AsSpan(_whole.Length - _end)];

    public bool Equals(LikeText other) =>
        ReferenceEquals(_whole, other._whole)
            ? (_begin, _end) == (other._begin, other._end) && _own.AsSpan().SequenceEqual(other._own)
            : _own is null && other._own is null && _whole.AsSpan().SequenceEqual(other._whole);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(_own ?? _whole);
        return hash.ToHashCode();
    }
}
