using System.Security.Cryptography;
using System.Text;
using Rotunda.Testing.Simulation;

namespace Rotunda.Testing.Model;

/// <summary>
/// Searches all that can happen, breadth first: the first path on which a promise breaks is a shortest one. States are kept as hashes, and
/// reached again by their moves, as real code cannot be set back.
/// </summary>
public sealed class ModelSearch(ModelCase played, ModelBounds bounds)
{
    private const int MostLive = 10_000;

    public int States { get; private set; }

    public long Moves { get; private set; }

    /// <summary>How many of the states are ends.</summary>
    public int Ends { get; private set; }

    /// <summary>How many of these wait for a person who says no more.</summary>
    public int Waits { get; private set; }

    public int Deepest { get; private set; }

    /// <summary>True if all was searched, and not only as many states as are allowed.</summary>
    public bool IsWhole { get; private set; } = true;

    /// <exception cref="PromiseBrokenException">With the moves that lead there.</exception>
    public void Run()
    {
        var seen = new HashSet<(ulong, ulong)>();
        var next = new Queue<Node>();
        var first = new ModelState(played, bounds);
        seen.Add(Hash(first.Key()));
        next.Enqueue(new Node(null, default, 0) { Live = first });
        while (next.TryDequeue(out var node))
        {
            var state = Reach(node);
            States++;
            Deepest = node.Depth;
            var moves = state.Moves();
            if (moves.Count == 0)
            {
                Ends++;
                Waits += state.IsOver ? 0 : 1;
                if (!state.IsOver && !state.WaitsForPerson)
                {
                    throw Broken(node, null, "Nothing can happen any more: no rotation has ended, and no person is told what to do.");
                }
            }

            for (var index = 0; index < moves.Count; index++)
            {
                Moves++;
                // The last one goes on with the state itself.
                var after = index == moves.Count - 1 ? state : Reach(node);
                try
                {
                    after.Make(moves[index]);
                }
                catch (PromiseBrokenException broken)
                {
                    throw Broken(node, moves[index], broken.Message);
                }

                if (seen.Add(Hash(after.Key())))
                {
                    next.Enqueue(new Node(node, moves[index], node.Depth + 1) { Live = next.Count < MostLive ? after : null });
                }
            }

            if (seen.Count >= bounds.States)
            {
                IsWhole = false;
                return;
            }
        }
    }

    private ModelState Reach(Node node)
    {
        if (node.Live is { } live)
        {
            node.Live = null;
            return live;
        }

        var state = new ModelState(played, bounds);
        foreach (var move in node.Path())
        {
            state.Make(move);
        }

        return state;
    }

    /// <summary>The story of the path, told by walking it once more.</summary>
    private PromiseBrokenException Broken(Node node, ModelMove? last, string problem)
    {
        var state = new ModelState(played, bounds);
        var lines = new StringBuilder();
        foreach (var move in node.Path())
        {
            lines.Append("  ").AppendLine(state.Make(move));
        }

        if (last is { } breaking)
        {
            lines.AppendLine($"  {breaking.Kind} of rotation {breaking.Rotation} ({breaking.Operation})");
        }

        return new PromiseBrokenException($"{problem}\nAfter {node.Depth + 1} moves, and no way is shorter:\n{lines}");
    }

    private static (ulong, ulong) Hash(string key)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        return (BitConverter.ToUInt64(hash, 0), BitConverter.ToUInt64(hash, 8));
    }

    /// <summary>A state, as the move that led to it from another.</summary>
    private sealed record Node(Node? From, ModelMove Move, int Depth)
    {
        /// <summary>The state itself, where there is room to keep it until its turn.</summary>
        public ModelState? Live { get; set; }

        public Stack<ModelMove> Path()
        {
            var moves = new Stack<ModelMove>();
            for (var at = this; at.From is { } from; at = from)
            {
                moves.Push(at.Move);
            }

            return moves;
        }
    }
}
