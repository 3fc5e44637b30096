namespace Rotunda.Testing.ProviderConformance;

/// <summary>Something outside that makes a rotation fail although the settings are right.</summary>
/// <param name="Break">Makes it so.</param>
/// <param name="Mend">Makes it as it was.</param>
public sealed record BrokenWorld(string What, Func<Task> Break, Func<Task> Mend)
{
    public BrokenWorld(string what, Action breakIt, Action mendIt)
        : this(what, () => Done(breakIt), () => Done(mendIt))
    {
    }

    private static Task Done(Action action)
    {
        action();
        return Task.CompletedTask;
    }
}
