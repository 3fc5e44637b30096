using Rotunda.Activities.InForce;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Registry;
using Rotunda.Providers.Web;

namespace Rotunda.Activities.Clocks;

/// <summary>The clocks of the catalog's stores: a check of each is answered with the date of its server.</summary>
internal sealed class StoreClocks(
    ICatalogInForce catalog,
    StoreRegistry stores,
    IReferenceResolver references,
    TimeProvider time) : IOutsideClock
{
    public async Task<IReadOnlyList<OutsideTime>> AskAsync(CancellationToken cancellationToken)
    {
        var found = new List<OutsideTime>();
        if (await catalog.GetAsync(cancellationToken) is not { Stores: { } defined })
        {
            return found;
        }

        foreach (var name in defined.Keys)
        {
            if (await AskAsync(() => stores.Open(name, defined, references), cancellationToken) is { } ahead)
            {
                found.Add(new OutsideTime($"the store {name}", ahead));
            }
        }

        return found;
    }

    private async Task<TimeSpan?> AskAsync(Func<ISecretStore> open, CancellationToken cancellationToken)
    {
        using var dates = ServerDates.Listen(time);
        try
        {
            await open().CheckAsync(cancellationToken);
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            // Whether the store can be used is told elsewhere; a refusal has a date too.
        }

        return dates.Ahead;
    }
}
