using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Vendors;

/// <summary>How fast one account of a vendor is called, by all rotations together.</summary>
internal sealed class VendorPace
{
    /// <summary>A longer wait is the interpreter's, durable and on record.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(3);
    private readonly Lock _gate = new();
    private DateTimeOffset _closedUntil;
    private DateTimeOffset _next;

    /// <summary>Waits for the account's turn.</summary>
    /// <param name="perMinute">The most calls in a minute; 0 for no limit.</param>
    /// <exception cref="WebFailureException">The turn is too far away.</exception>
    public async Task EnterAsync(VendorCall call, int perMinute)
    {
        TimeSpan wait;
        lock (_gate)
        {
            var now = call.Now;
            if (_closedUntil > now)
            {
                throw call.Failure(StepOutcome.RetryLater($"{call.System} has asked this account to wait.", _closedUntil - now));
            }

            wait = perMinute == 0 || _next <= now ? TimeSpan.Zero : _next - now;
            if (wait > LongestWait)
            {
                throw call.Failure(
                    StepOutcome.RetryLater($"{call.System} takes {perMinute} calls of this account in a minute: others are first.", wait));
            }

            _next = perMinute == 0 ? now : now + wait + (TimeSpan.FromMinutes(1) / perMinute);
        }

        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, call.Time, call.Cancellation);
        }
    }

    /// <summary>The vendor has asked to wait.</summary>
    public void Close(DateTimeOffset until)
    {
        lock (_gate)
        {
            _closedUntil = until > _closedUntil ? until : _closedUntil;
        }
    }
}
