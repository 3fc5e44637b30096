namespace Rotunda.Reencryption.Formats;

/// <summary>The values of one batch: what is stored, what it holds in the clear once a key opened it, and what it is sealed to.</summary>
internal sealed class Cells : IDisposable
{
    /// <summary>No key has opened it.</summary>
    public const int Unopened = -1;

    /// <summary>Nothing is stored: SQL's NULL, which stays as it is.</summary>
    public const int Nothing = -2;

    private readonly Arena _plain = new();
    private Cell[] _cells = new Cell[1024];
    private byte[] _prefix = [];
    private bool _keepsEmpty;

    public int Count { get; private set; }

    public ref Cell this[int index] => ref _cells[index];

    /// <summary>How the values to come are stored.</summary>
    /// <param name="prefix">What stands before each sealed value; a value without it is none.</param>
    /// <param name="keepsEmpty">Empty values were never sealed, and stay as they are.</param>
    public void Take(byte[] prefix, bool keepsEmpty) => (_prefix, _keepsEmpty) = (prefix, keepsEmpty);

    public void Add(byte[]? stored)
    {
        if (Count == _cells.Length)
        {
            Array.Resize(ref _cells, Count * 2);
        }

        _cells[Count++] = new Cell { Stored = stored, Key = IsNothing(stored) ? Nothing : Unopened };
    }

    /// <summary>It is sealed, as far as can be seen, and no key has opened it yet.</summary>
    public bool IsShut(int index) =>
        _cells[index] is { Key: Unopened, Stored: { } stored } && stored.AsSpan().StartsWith(_prefix);

    /// <summary>The sealed value, without what stands before it.</summary>
    public ReadOnlySpan<byte> TokenOf(int index) => _cells[index].Stored.AsSpan(_prefix.Length);

    public void Seal(int index, byte[] token) => _cells[index].Sealed = _prefix.Length == 0 ? token : [.. _prefix, .. token];

    public ReadOnlySpan<byte> PlainOf(int index) => _plain.Of(_cells[index].Start, _cells[index].Length);

    /// <summary>Room for what a value holds, at most so long. <see cref="Open"/> says how much of it was needed.</summary>
    public Span<byte> Reserve(int longest) => _plain.Reserve(longest);

    /// <param name="stamp">What the format keeps when the value is sealed again.</param>
    public void Open(int index, int key, int length, long stamp = 0)
    {
        ref var cell = ref _cells[index];
        (cell.Key, cell.Start, cell.Length, cell.Stamp) = (key, _plain.Keep(length), length, stamp);
    }

    /// <summary>For another batch; what was held in the clear is gone.</summary>
    public void Clear()
    {
        _plain.Clear();
        Array.Clear(_cells, 0, Count);
        Count = 0;
    }

    private bool IsNothing(byte[]? stored) => stored is null || (_keepsEmpty && stored.Length == 0);

    public void Dispose()
    {
        Clear();
        _plain.Dispose();
    }
}

/// <summary>One value.</summary>
internal struct Cell
{
    public byte[]? Stored;

    /// <summary>The position in the key ring of the key that opened it, or one of the constants of <see cref="Cells"/>.</summary>
    public int Key;
    public int Start;
    public int Length;
    public long Stamp;

    /// <summary>It is to be sealed.</summary>
    public bool Wanted;

    /// <summary>What it is sealed to.</summary>
    public byte[]? Sealed;
}
