using Rotunda.Engine.History;
using Rotunda.Files;

namespace Rotunda.Engine.Dispatch;

/// <summary>One call of an activity, to be run once by its runner.</summary>
internal sealed class ActivityWork(
    ActivityRunner runner, string instanceId, ActivityCall id, ActivityCalled call, bool goesFirst) : IThreadPoolWorkItem
{
    public string InstanceId => instanceId;

    public ActivityCall Id => id;

    public ActivityCalled Call => call;

    /// <summary>Lets it run elsewhere.</summary>
    public void Begin()
    {
        if (goesFirst)
        {
            _ = FastLane.RunAsync(() => runner.RunAsync(this));
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>Runs it on this thread up to where it waits for something.</summary>
    public void Execute() => _ = runner.RunAsync(this);
}
