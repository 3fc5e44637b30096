using Microsoft.Extensions.DependencyInjection;
using Rotunda.Activities;
using Rotunda.Api.Desk;
using Rotunda.Api.Views;
using Rotunda.Providers.Stores.Embedded;
using Rotunda.Rotation.Catalog;

namespace Rotunda.Api.Head;

/// <summary>The preflight of a whole catalog without a head: what a check before a merge, or a person with a shell, can look at.</summary>
public static class LiveCheck
{
    private const int SideBySide = 8;

    /// <param name="dataDirectory">Where a server keeps its values; looked into only if it has any. Null without.</param>
    public static async Task<DoctorReport> RunAsync(RotationCatalog catalog, string? dataDirectory, CancellationToken cancellationToken)
    {
        var data = dataDirectory is not null && File.Exists(Path.Combine(dataDirectory, EmbeddedStore.FileName)) ? dataDirectory : null;
        await using var services = new ServiceCollection()
            .AddRotundaProviders()
            .AddRotundaActivities(new ActivitiesOptions { DataDirectory = data, CatalogFolder = catalog.Folder })
            .AddSingleton<SecretExamination>()
            .BuildServiceProvider();
        var examination = services.GetRequiredService<SecretExamination>();
        var all = new Dictionary<string, IReadOnlyList<DoctorFinding>>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(
            catalog.Policies.Values,
            new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = cancellationToken },
            async (policy, stop) =>
            {
                var found = await examination.LookAsync(catalog, policy, null, stop);
                lock (all)
                {
                    all[policy.Name] = found;
                }
            });
        var findings = all.OrderBy(pair => pair.Key, StringComparer.Ordinal).SelectMany(pair => pair.Value)
            .OrderBy(finding => finding.Level)
            .ToList();
        var healthy = findings.TrueForAll(finding => finding.Level != FindingLevel.Problem);
        return new DoctorReport(
            services.GetRequiredService<TimeProvider>().GetUtcNow(),
            catalog.Policies.Count,
            healthy,
            catalog.Hash,
            findings);
    }
}
