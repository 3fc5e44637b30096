using Microsoft.Extensions.Logging;

namespace Rotunda.Api.Desk;

/// <summary>The queue that Event Grid puts Key Vault's events into, and what happens to a message that cannot be worked on.</summary>
public sealed partial class NearExpiryQueue(NearExpiryDesk desk, ILogger<NearExpiryQueue> logger)
{
    public const string Name = "rotunda-near-expiry";

    /// <summary>The host puts aside there what failed at its last attempt.</summary>
    public const string AsideName = "rotunda-near-expiry-poison";

    /// <summary>As host.json says, one each <c>visibilityTimeout</c>: a day in all.</summary>
    public const int MaxAttempts = 96;

    /// <summary>Works on one message.</summary>
    /// <param name="attempt">Counts from 1.</param>
    /// <returns>False if it cannot be read, so that no further attempt helps: it is to be put aside.</returns>
    public async Task<bool> HandleAsync(string message, long attempt, Uri? vault, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var near in NearExpiryEvent.Read(message))
            {
                await desk.HandleAsync(near, vault, cancellationToken);
            }

            return true;
        }
        catch (FormatException unreadable)
        {
            LogPutAside(unreadable, AsideName, "it cannot be read");
            return false;
        }
        catch (Exception problem) when (attempt >= MaxAttempts)
        {
            LogPutAside(problem, AsideName, "its last attempt failed");
            throw;
        }
    }
}
