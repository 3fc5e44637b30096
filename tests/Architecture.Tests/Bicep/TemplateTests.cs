using System.Text.RegularExpressions;

namespace Rotunda.Architecture.Tests.Bicep;

/// <summary>The Bicep files fit together, as far as that can be told without Azure's tools.</summary>
public sealed partial class TemplateTests
{
    [Fact]
    public void Every_module_exists_and_each_file_is_used()
    {
        var used = Infrastructure.Templates.SelectMany(t => t.Modules.Select(m => Infrastructure.Find(t, m.Source) ?? throw new InvalidDataException($"{t}: there is no {m.Source}."))).ToHashSet();

        Assert.Empty(Infrastructure.Modules.Except(used));
    }

    [Fact]
    public void A_module_gets_each_parameter_that_it_needs_and_no_other()
    {
        var problems =
            from template in Infrastructure.Templates
            from module in template.Modules
            let passed = module.Object["params"] is BicepObject given ? given.Keys.ToList() : []
            let target = Infrastructure.Find(template, module.Source)
            from problem in Compare($"{template}, {module.Symbol}", passed, target)
            select problem;

        Assert.Empty(problems);
    }

    [Fact]
    public void A_parameter_file_sets_each_parameter_that_is_needed_and_no_other()
    {
        Assert.Equal(["main.dev.bicepparam", "main.prod.bicepparam"], Infrastructure.ParameterFiles.Select(f => f.Name));
        Assert.Empty(Infrastructure.ParameterFiles.SelectMany(f => Compare(f.Name, [.. f.Parameters.Select(p => p.Name)], Infrastructure.Find(f, f.Using!)!)));
    }

    [Fact]
    public void What_is_read_from_a_module_is_an_output_of_it()
    {
        var problems =
            from template in Infrastructure.Templates
            from read in template.Expressions().OfType<BicepMember>()
            where read.Target is BicepMember { Member: "outputs", Target: BicepName }
            let module = template.Modules.SingleOrDefault(m => read.Path!.StartsWith(m.Symbol + ".outputs.", StringComparison.Ordinal))
            where module is null || Infrastructure.Find(template, module.Source)!.Outputs.All(o => o.Name != read.Member)
            select $"{template}: {read.Path}";

        Assert.Empty(problems);
    }

    /// <summary>Of the language itself: https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-functions.</summary>
    private static readonly string[] s_builtIn =
    [
        "true", "false", "null",
        "bool", "concat", "contains", "empty", "environment", "first", "format", "guid", "items", "join", "length", "map", "range", "readEnvironmentVariable", "cidrSubnet", "replace",
        "resourceGroup", "string", "subscription", "subscriptionResourceId", "take", "tenant", "toLower", "union", "uniqueString",
    ];

    [Fact]
    public void Every_symbol_that_is_used_is_declared()
    {
        foreach (var template in Infrastructure.Templates.Concat(Infrastructure.ParameterFiles))
        {
            var declared = template.Parameters.Select(p => p.Name).Concat(template.Variables.Keys)
                .Concat(template.Modules.Select(m => m.Symbol)).Concat(template.Resources.Select(r => r.Symbol))
                .Concat(template.Expressions().OfType<BicepScope>().SelectMany(s => s.Names))
                .Concat(s_builtIn);

            Assert.Empty(Used(template).Except(declared, StringComparer.Ordinal).Select(u => $"{template}: {u} is not declared"));
        }
    }

    [Fact]
    public void Every_parameter_and_variable_is_used()
    {
        foreach (var template in Infrastructure.Templates)
        {
            var declared = template.Parameters.Select(p => p.Name).Concat(template.Variables.Keys);

            Assert.Empty(declared.Except(Used(template), StringComparer.Ordinal).Select(d => $"{template}: {d} is not used"));
        }
    }

    [Fact]
    public void A_symbol_that_is_not_declared_would_be_seen()
    {
        var file = BicepParser.Parse("x.bicep", "param name string\nvar other = { name: nothing, text: '${name}-${gone.id}' }\n");

        Assert.Equal(["gone", "name", "nothing"], Used(file).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_parameter_and_output_says_what_it_is()
    {
        var silent = Infrastructure.Templates
            .SelectMany(t => t.Parameters.Select(p => (t, p.Name, p.Description)).Concat(t.Outputs.Select(o => (t, o.Name, o.Description))))
            .Where(d => string.IsNullOrWhiteSpace(d.Description));

        Assert.Empty(silent);
    }

    /// <summary>Nothing secret goes in, so nothing secret is in the history of deployments, which every reader of the resource group sees.</summary>
    [Fact]
    public void No_parameter_or_output_is_a_secret()
    {
        var names = Infrastructure.Templates.SelectMany(t => t.Parameters.Select(p => $"{t}: {p.Name}").Concat(t.Outputs.Select(o => $"{t}: {o.Name}")));
        var calls = Infrastructure.Templates.SelectMany(t => t.Expressions().OfType<BicepCall>().Select(c => (t, Name: c.Function.Path ?? "")));

        Assert.DoesNotContain(names, n => SecretLooking().IsMatch(n[n.IndexOf(':', StringComparison.Ordinal)..]));
        Assert.DoesNotContain(calls, c => c.Name.Split('.')[^1].StartsWith("list", StringComparison.OrdinalIgnoreCase) || c.Name.EndsWith("getSecret", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Microsoft has published no other version of diagnosticSettings since 2016.</summary>
    [Fact]
    public void A_resource_type_has_one_version_everywhere_and_it_is_no_preview()
    {
        var versions = Infrastructure.Templates.SelectMany(t => t.Resources).GroupBy(r => r.Type, r => r.Version!, StringComparer.Ordinal).ToList();

        Assert.All(versions, v => Assert.Single(v.Distinct(StringComparer.Ordinal)));
        Assert.Equal(["Microsoft.Insights/diagnosticSettings"], versions.Where(v => v.First().Contains("preview", StringComparison.Ordinal)).Select(v => v.Key));
    }

    private static HashSet<string> Used(BicepFile template) =>
        template.Expressions().OfType<BicepName>().Select(n => n.Name).ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<string> Compare(string where, List<string> given, BicepFile? target)
    {
        if (target is null)
        {
            return [$"{where}: the file it refers to is not there"];
        }

        var unknown = given.Where(g => target.Parameters.All(p => p.Name != g)).Select(g => $"{where}: {target} has no parameter {g}");
        var missing = target.Parameters.Where(p => p.IsRequired && !given.Contains(p.Name)).Select(p => $"{where}: {target} needs {p.Name}");
        var twice = given.GroupBy(g => g, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => $"{where}: {g.Key} is given twice");
        return unknown.Concat(missing).Concat(twice);
    }

    [GeneratedRegex("password|pwd|secret|token|account.?key|connection.?string|\\bsas\\b|credential|private.?key", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SecretLooking();
}
