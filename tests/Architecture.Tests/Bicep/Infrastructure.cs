using System.Text.Json;

namespace Rotunda.Architecture.Tests.Bicep;

/// <summary>
/// What is in infra/bicep, as Bicep's compiler reads it: the templates that it makes, and what a deployment of each parameter file would
/// put into an empty resource group. It is compiled once, in a copy, as the compiler writes beside what it reads.
/// </summary>
internal sealed class Infrastructure
{
    /// <summary>The name that docs/azure.md gives the deployment.</summary>
    private const string DeploymentName = "rotunda";

    /// <summary>As prod, with the task hub in the scheduler.</summary>
    private const string Scheduled = "main.scheduler.bicepparam";

    private static readonly Lazy<Task<Infrastructure>> s_compiled = new(CompileAsync);

    private Infrastructure(IReadOnlyDictionary<string, JsonElement> templates, IReadOnlyList<Deployment> deployments, string warnings) =>
        (Templates, Dev, Prod, Scheduler, Warnings) = (templates, deployments[0], deployments[1], deployments[2], warnings);

    public static string Folder { get; } = Path.Combine(Repository.Root, "infra", "bicep");

    /// <summary>The compiled templates by the name of their file: <c>main</c>, <c>roles</c>…</summary>
    public IReadOnlyDictionary<string, JsonElement> Templates { get; }

    public JsonElement Main => Templates["main"];

    public Deployment Dev { get; }

    public Deployment Prod { get; }

    public Deployment Scheduler { get; }

    public IReadOnlyList<Deployment> Deployments => [Dev, Prod, Scheduler];

    /// <summary>What the compiler and its linter said of the files.</summary>
    public string Warnings { get; }

    public static Task<Infrastructure> CompiledAsync() => s_compiled.Value;

    /// <summary>A copy to work in, which the caller deletes.</summary>
    public static DirectoryInfo Copy()
    {
        var copy = Directory.CreateTempSubdirectory("rotunda-bicep-");
        foreach (var file in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy.FullName, Path.GetRelativePath(Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return copy;
    }

    private static async Task<Infrastructure> CompileAsync()
    {
        var copy = Copy();
        try
        {
            var prod = await File.ReadAllTextAsync(Path.Combine(copy.FullName, "main.prod.bicepparam"));
            await File.WriteAllTextAsync(Path.Combine(copy.FullName, Scheduled), prod + "param taskHubBackend = 'DurableTaskScheduler'\n");
            var warnings = await BicepCompiler.SucceedAsync(copy.FullName, "build", "--pattern", "**/*.bicep", "--outdir", "built");
            List<Deployment> deployments = [];
            foreach (var file in new[] { "main.dev.bicepparam", "main.prod.bicepparam", Scheduled })
            {
                warnings += await BicepCompiler.SucceedAsync(copy.FullName, "build-params", file, "--outfile", "params.json");
                deployments.Add(await PredictAsync(copy.FullName, file));
            }

            return new(Built(Path.Combine(copy.FullName, "built")), deployments, warnings);
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    }

    private static Dictionary<string, JsonElement> Built(string folder) =>
        Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetFileNameWithoutExtension(file), Read, StringComparer.Ordinal);

    private static async Task<Deployment> PredictAsync(string folder, string file)
    {
        await BicepCompiler.SucceedAsync(
            folder, "snapshot", file, "--mode", "overwrite",
            "--deployment-name", DeploymentName, "--resource-group", "rg", "--location", "westeurope",
            "--subscription-id", "44444444-4444-4444-4444-444444444444", "--tenant-id", "55555555-5555-5555-5555-555555555555");
        var predicted = Read(Path.Combine(folder, Path.ChangeExtension(file, ".snapshot.json")));
        return new(file, [.. predicted.GetProperty("predictedResources").EnumerateArray().Select(r => new AzureResource(r))]);
    }

    private static JsonElement Read(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(file));
        return document.RootElement.Clone();
    }
}
