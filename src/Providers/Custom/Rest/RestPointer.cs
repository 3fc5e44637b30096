using Rotunda.Providers.Contract;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Custom.Rest;

/// <summary>A JSON pointer (RFC 6901): where in an answer something stands, as <c>/data/0/id</c>.</summary>
internal sealed class RestPointer
{
    private const int Deepest = 20;
    private readonly IReadOnlyList<string> _parts;

    /// <exception cref="OutcomeException">It is none.</exception>
    public RestPointer(string text)
    {
        if ((text.Length > 0 && text[0] != '/') || text.Count(symbol => symbol == '/') > Deepest)
        {
            throw new OutcomeException(StepOutcome.Rejected($"'{text}' is no JSON pointer: write it as /data/id, at most {Deepest} deep."));
        }

        _parts = [.. text.Split('/').Skip(1).Select(part =>
            part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];
    }

    /// <summary>The name of the member that it leads to; null: the whole answer.</summary>
    public string? Last => _parts.Count == 0 ? null : _parts[^1];

    /// <summary>The part of the answer that holds what it leads to; null if there is none.</summary>
    public VendorReply? Parent(VendorReply reply)
    {
        foreach (var part in _parts.SkipLast(1))
        {
            if (reply.Has(part))
            {
                reply = reply.At(part);
            }
            else if (reply.ItemAt(part) is { } item)
            {
                reply = item;
            }
            else
            {
                return null;
            }
        }

        return reply;
    }
}
