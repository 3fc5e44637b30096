using System.Text.Json;
using Rotunda.Api.Views;
using Rotunda.CatalogFiles;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;
using Rotunda.Server.Hosting;
using Spectre.Console;

namespace Rotunda.Server.Commands;

/// <summary>The plans of all secrets of a catalog, without a server and without a look at anything outside.</summary>
internal static class OfflinePlans
{
    public static async Task<int> ShowAsync(Terminal terminal, string path, bool asJson)
    {
        var reading = Parts.ReadCatalog(path, Parts.Stores);
        if (reading.Catalog is not { } catalog)
        {
            foreach (var problem in reading.Problems)
            {
                await terminal.Errors.WriteLineAsync(problem);
            }

            return ExitCodes.BadNews;
        }

        if (!asJson)
        {
            terminal.Pretty.WriteLine(
                $"The first rotation of each secret of the catalog ({catalog.Policies.Count}), as if it were adopted as its 'current:' "
                    + "tells. Nothing outside was looked at.");
        }

        foreach (var plan in Of(catalog, TimeProvider.System.GetUtcNow()))
        {
            if (asJson)
            {
                await terminal.Plain.WriteLineAsync(JsonSerializer.Serialize(plan, ApiJson.Default.RotationPlan));
                continue;
            }

            terminal.Pretty.WriteLine();
            PlanCommand.Show(terminal.Pretty, plan);
        }

        return ExitCodes.Ok;
    }

    private static IEnumerable<RotationPlan> Of(RotationCatalog catalog, DateTimeOffset now)
    {
        var descriptors = CatalogLoader.Descriptors();
        var request = new PlanRequest(RotationTrigger.Schedule, "as the catalog says", "plan --all", now);
        return catalog.Policies.Values.OrderBy(policy => policy.Name, StringComparer.Ordinal).Select(policy => RotationPlanner.Plan(
            policy,
            AssumedAdoption.Of(policy, descriptors[policy.Provider.Type], now),
            request,
            descriptors,
            catalog.Hash,
            catalog.Stores,
            Parts.Stores));
    }
}
