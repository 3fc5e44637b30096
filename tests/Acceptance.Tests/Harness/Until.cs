namespace Rotunda.Acceptance.Tests.Harness;

/// <summary>Waits on conditions. The limit is there to end a broken run, not to measure.</summary>
internal static class Until
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static async Task TrueAsync(string what, Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            try
            {
                await look.WaitForNextTickAsync(limit.Token);
            }
            catch (OperationCanceledException spent)
            {
                throw new TimeoutException($"Waited {Limit} for {what}.", spent);
            }
        }
    }
}
