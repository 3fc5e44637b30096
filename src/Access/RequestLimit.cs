using Rotunda.Interpreter;

namespace Rotunda.Access;

/// <summary>How much one person may ask of the server.</summary>
/// <param name="Burst">Requests at once after a time of rest.</param>
/// <param name="PerSecond">Requests for good.</param>
/// <param name="AtOnce">Requests that are being worked on.</param>
public sealed record RequestLimits(int Burst = 500, double PerSecond = 50, int AtOnce = 32);

/// <summary>
/// Turns away who asks too much, so that one caller's loop is not everybody's wait. All tokens of a person have one limit.
/// </summary>
public sealed class RequestLimit(RequestLimits limits, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Allowance> _people = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Dispose the answer when the request is through.</summary>
    /// <exception cref="TooManyRequestsException">It is one too many.</exception>
    public IDisposable Enter(Caller caller)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            var person = Actors.PersonOf(caller.Subject);
            if (!_people.TryGetValue(person, out var allowance))
            {
                Forget(now);
                allowance = _people[person] = new Allowance(limits.Burst, now);
            }

            Refill(allowance, now);
            if (allowance.AtWork >= limits.AtOnce)
            {
                throw new TooManyRequestsException(1, $"{limits.AtOnce} of your requests are being worked on. Wait for one of them.");
            }

            if (allowance.Left < 1)
            {
                var wait = Math.Max(1, (int)Math.Ceiling((1 - allowance.Left) / limits.PerSecond));
                throw new TooManyRequestsException(
                    wait,
                    $"You may send {limits.PerSecond} requests a second, and up to {limits.Burst} after a rest. Send fewer.");
            }

            allowance.Left--;
            allowance.AtWork++;
            return new Work(this, allowance);
        }
    }

    private void Refill(Allowance allowance, long now)
    {
        var earned = time.GetElapsedTime(allowance.Seen, now).TotalSeconds * limits.PerSecond;
        (allowance.Left, allowance.Seen) = (Math.Min(limits.Burst, allowance.Left + Math.Max(0, earned)), now);
    }

    /// <summary>Who has rested long enough needs no memory.</summary>
    private void Forget(long now)
    {
        foreach (var (person, allowance) in _people)
        {
            Refill(allowance, now);
            if (allowance.AtWork == 0 && allowance.Left >= limits.Burst)
            {
                _people.Remove(person);
            }
        }
    }

    private sealed class Allowance(double left, long seen)
    {
        public double Left { get; set; } = left;

        public long Seen { get; set; } = seen;

        public int AtWork { get; set; }
    }

    private sealed class Work(RequestLimit limit, Allowance allowance) : IDisposable
    {
        private bool _done;

        public void Dispose()
        {
            lock (limit._gate)
            {
                allowance.AtWork -= _done ? 0 : 1;
                _done = true;
            }
        }
    }
}
