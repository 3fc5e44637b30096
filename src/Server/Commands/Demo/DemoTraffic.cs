namespace Rotunda.Server.Commands.Demo;

/// <summary>Users who never stop: tokens signed by one instance and shown to the other, all the time.</summary>
internal sealed class DemoTraffic : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private long _accepted;
    private long _refused;

    public DemoTraffic(DemoConsumer one, DemoConsumer other) => _running = RunAsync(one, other);

    public long Accepted => Interlocked.Read(ref _accepted);

    public long Refused => Interlocked.Read(ref _refused);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync(DemoConsumer one, DemoConsumer other)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                await ShowAsync(one, other);
                await ShowAsync(other, one);
            }
        }
        catch (OperationCanceledException)
        {
            // The demo is over.
        }
    }

    private async Task ShowAsync(DemoConsumer signer, DemoConsumer checker)
    {
        try
        {
            var accepted = await checker.AcceptsAsync(await signer.TokenAsync(_stop.Token), _stop.Token);
            Interlocked.Increment(ref accepted ? ref _accepted : ref _refused);
        }
        catch (HttpRequestException)
        {
            Interlocked.Increment(ref _refused);
        }
    }
}
