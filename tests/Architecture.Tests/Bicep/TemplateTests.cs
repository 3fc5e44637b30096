using System.Text.Json;
using System.Text.RegularExpressions;

namespace Rotunda.Architecture.Tests.Bicep;

/// <summary>Rules of the Bicep files that its compiler does not know.</summary>
public sealed partial class TemplateTests
{
    [Fact]
    public void Each_module_is_used()
    {
        var main = File.ReadAllText(Path.Combine(Infrastructure.Folder, "main.bicep"));

        Assert.Equal(
            Directory.GetFiles(Path.Combine(Infrastructure.Folder, "modules")).Select(Path.GetFileName).Order(StringComparer.Ordinal),
            ModuleFile().Matches(main).Select(m => m.Groups["file"].Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    [BicepFact]
    public async Task Each_output_of_a_module_is_used()
    {
        var infrastructure = await Infrastructure.CompiledAsync();
        var read = OutputRead().Matches(infrastructure.Main.GetRawText()).Select(m => m.Groups["output"].Value);
        var made = infrastructure.Templates.Where(t => t.Key != "main").SelectMany(t => Names(t.Value, "outputs")).ToList();

        Assert.NotEmpty(made);
        Assert.Empty(made.Except(read, StringComparer.Ordinal));
    }

    /// <summary>Nothing secret goes in, so none is in the history of deployments, which every reader of the resource group sees.</summary>
    [BicepFact]
    public async Task No_parameter_or_output_is_a_secret()
    {
        foreach (var template in (await Infrastructure.CompiledAsync()).Templates.Values)
        {
            Assert.DoesNotContain(Names(template, "parameters").Concat(Names(template, "outputs")), name => SecretLooking().IsMatch(name));
            Assert.DoesNotMatch(SecretCall(), template.GetRawText());
        }
    }

    [Theory]
    [InlineData("[listKeys(resourceId('x'), '2025-06-01').keys[0].value]")]
    [InlineData("[format('{0}', list('x', '2025-06-01'))]")]
    [InlineData("[vault.getSecret('x')]")]
    public void A_call_that_answers_with_a_secret_would_be_seen(string expression) => Assert.Matches(SecretCall(), expression);

    /// <summary>Microsoft has published no other version of diagnosticSettings since 2016.</summary>
    [BicepFact]
    public async Task A_resource_type_has_one_version_everywhere_and_it_is_no_preview()
    {
        var versions = (await Infrastructure.CompiledAsync()).Templates.Values.SelectMany(Versions).Distinct().ToList();

        Assert.NotEmpty(versions);
        Assert.All(versions.GroupBy(v => v.Type, StringComparer.Ordinal), type => Assert.Single(type));
        var previews = versions.Where(v => v.Version.Contains("preview", StringComparison.Ordinal)).Select(v => v.Type);
        Assert.Equal(["Microsoft.Insights/diagnosticSettings"], previews);
    }

    private static IEnumerable<string> Names(JsonElement template, string part) =>
        template.TryGetProperty(part, out var named) ? named.EnumerateObject().Select(n => n.Name) : [];

    /// <summary>The resources of a template, those that it only refers to included.</summary>
    private static IEnumerable<(string Type, string Version)> Versions(JsonElement template)
    {
        var resources = template.GetProperty("resources");
        var all = resources.ValueKind == JsonValueKind.Array
            ? resources.EnumerateArray()
            : resources.EnumerateObject().Select(r => r.Value);
        return all.Select(r => (r.GetProperty("type").GetString()!, r.GetProperty("apiVersion").GetString()!));
    }

    [GeneratedRegex("'modules/(?<file>\\w+\\.bicep)'", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ModuleFile();

    [GeneratedRegex(@"\.outputs\.(?<output>\w+)\.value", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OutputRead();

    [GeneratedRegex(@"\blist\w*\(|\bgetSecret\(", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SecretCall();

    [GeneratedRegex(
        "password|pwd|secret|token|account.?key|connection.?string|\\bsas\\b|credential|private.?key",
        RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SecretLooking();
}
