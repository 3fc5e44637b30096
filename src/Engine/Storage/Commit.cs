using Rotunda.Files;

namespace Rotunda.Engine.Storage;

/// <summary>
/// A change of the hub that is on disk as a whole or not at all. Written on the commit thread together with whatever else
/// is waiting; its effects happen on the thread pool, after the disk has it. One that goes first is written before those that wait, and
/// its effects happen in the <see cref="FastLane"/>.
/// </summary>
internal abstract class Commit : IThreadPoolWorkItem
{
    private Exception? _failure;

    /// <summary>It waits for none that does not go first, and neither does what follows from it.</summary>
    public bool GoesFirst { get; protected init; } = FastLane.IsCurrent;

    /// <summary>Makes the changes, inside the shared transaction.</summary>
    public abstract void Write(HubWriter hub);

    /// <summary>The change is on disk: dispatch what follows from it.</summary>
    protected abstract void Committed();

    /// <summary>The change did not reach the disk, and the hub takes no more.</summary>
    protected abstract void Failed(Exception failure);

    /// <summary>Hands the outcome to the thread pool, or to the fast lane.</summary>
    public void Finish(Exception? failure)
    {
        _failure = failure;
        if (GoesFirst)
        {
            FastLane.Queue(Tell);
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    void IThreadPoolWorkItem.Execute() => Tell();

    private void Tell()
    {
        if (_failure is null)
        {
            Committed();
        }
        else
        {
            Failed(_failure);
        }
    }
}
