namespace Rotunda.Architecture.Tests.Bicep;

/// <summary>Bicep's own compiler and linter find nothing wrong, and a deployment can be worked out before it is made.</summary>
public sealed class CompilerTests
{
    /// <summary>Everything that the compiler or its linter says is a failure.</summary>
    [BicepFact]
    public async Task All_files_build_without_a_word()
    {
        var infrastructure = await Infrastructure.CompiledAsync();

        Assert.Empty(infrastructure.Warnings);
        Assert.Equal(
            Directory.GetFiles(Infrastructure.Folder, "*.bicep", SearchOption.AllDirectories)
                .Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal),
            infrastructure.Templates.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(
            ["main.dev.bicepparam", "main.prod.bicepparam"],
            Directory.GetFiles(Infrastructure.Folder, "*.bicepparam").Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    /// <summary>A planted fault is found, by the compiler's own checks and by the rules that bicepconfig.json turns on.</summary>
    [Theory(Skip = BicepCompiler.Missing, SkipUnless = nameof(BicepCompiler.IsHere), SkipType = typeof(BicepCompiler))]
    [InlineData("BCP037")]
    [InlineData("no-unused-params")]
    [InlineData("no-hardcoded-location")]
    [InlineData("no-module-name")]
    [InlineData("use-description-outputs")]
    [InlineData("use-description-params")]
    [InlineData("use-user-defined-types")]
    [InlineData("what-if-short-circuiting")]
    public async Task What_is_wrong_is_found(string rule) => Assert.Contains($" {rule}: ", await s_faults.Value, StringComparison.Ordinal);

    private static readonly Lazy<Task<string>> s_faults = new(async () =>
    {
        var copy = Infrastructure.Copy();
        try
        {
            var main = Path.Combine(copy.FullName, "main.bicep");
            Plant(main, "    vaultName: vaultName\n", "    vaultName: vault.outputs.name\n");
            Plant(main, "'modules/identity.bicep' = {\n", "'modules/identity.bicep' = {\n  name: 'identity'\n");
            var module = Path.Combine(copy.FullName, "modules", "identity.bicep");
            Plant(module, "param tags { *: string }\n", "param tags object\n\nparam unused string\n");
            Plant(module, "  location: location\n", "  location: 'westeurope'\n  loction: location\n");
            Plant(module, "@description('Name of the identity.')\n", "");
            return (await BicepCompiler.RunAsync(copy.FullName, ["build", "main.bicep", "--stdout"])).Said;
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    });

    private static void Plant(string path, string right, string wrong)
    {
        var text = File.ReadAllText(path);
        Assert.Contains(right, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(right, wrong, StringComparison.Ordinal));
    }
}
