namespace Rotunda.Testing.VendorFakes;

/// <summary>One call that a fake vendor knows.</summary>
internal sealed record FakeRoute(string Method, string Pattern, Func<FakeRequest, FakeReply> Answer)
{
    private readonly string[] _pattern = Pattern.Trim('/').Split('/');

    /// <summary>The named parts, unescaped; null if it is another call.</summary>
    public IReadOnlyDictionary<string, string>? Match(string method, string path)
    {
        var segments = path.Trim('/').Split('/');
        if (method != Method
            || (segments.Length != _pattern.Length && !_pattern[^1].StartsWith("{*", StringComparison.Ordinal))
            || segments.Length < _pattern.Length)
        {
            return null;
        }

        var parts = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var index = 0; index < _pattern.Length; index++)
        {
            var pattern = _pattern[index];
            if (pattern.StartsWith("{*", StringComparison.Ordinal))
            {
                parts[pattern[2..^1]] = string.Join('/', segments[index..]);
                return parts;
            }

            if (pattern is ['{', .., '}'])
            {
                parts[pattern[1..^1]] = Uri.UnescapeDataString(segments[index]);
            }
            else if (pattern != segments[index])
            {
                return null;
            }
        }

        return parts;
    }
}
