namespace Rotunda.Files;

/// <summary>
/// Names the moments around each commit and each outside call, so that tests can stop the process exactly there.
/// Does nothing unless a handler is set.
/// </summary>
public sealed class CrashPoints
{
    /// <summary>Called with "ledger.commit.before", "store.commit.after", "outside.before:Deliver", …</summary>
    public Action<string>? Handler { get; set; }

    public void Hit(string point) => Handler?.Invoke(point);
}
