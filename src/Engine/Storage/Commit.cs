namespace Rotunda.Engine.Storage;

/// <summary>
/// A change of the hub that is on disk as a whole or not at all. Written on the commit thread together with whatever else
/// is waiting; its effects happen on the thread pool, after the disk has it.
/// </summary>
internal abstract class Commit : IThreadPoolWorkItem
{
    private Exception? _failure;

    /// <summary>Makes the changes, inside the shared transaction.</summary>
    public abstract void Write(HubWriter hub);

    /// <summary>The change is on disk: dispatch what follows from it.</summary>
    protected abstract void Committed();

    /// <summary>The change did not reach the disk, and the hub takes no more.</summary>
    protected abstract void Failed(Exception failure);

    /// <summary>Hands the outcome to the thread pool.</summary>
    public void Finish(Exception? failure)
    {
        _failure = failure;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
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
