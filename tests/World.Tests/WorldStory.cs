using System.Globalization;

namespace Rotunda.World.Tests;

/// <summary>What happened, as a timeline that people read.</summary>
internal sealed class WorldStory(bool tells)
{
    private const int Last = 400_000;
    private readonly Queue<string> _lines = new();
    private readonly int _most = tells ? Last : 0;

    public bool Tells => tells;

    public ulong Digest { get; private set; } = 14695981039346656037UL;

    public void Tell(DateTimeOffset at, string? secret, string text)
    {
        if (_most == 0)
        {
            return;
        }

        lock (_lines)
        {
            Add($"{at.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}  {secret ?? "-",-10}  {text}");
        }
    }

    public void Fold(DateTimeOffset at) => Digest = unchecked((Digest ^ (ulong)at.Ticks) * 1099511628211UL);

    public override string ToString() => string.Join('\n', _lines);

    private void Add(string line)
    {
        _lines.Enqueue(line);
        if (_lines.Count > _most)
        {
            _lines.Dequeue();
        }
    }
}
