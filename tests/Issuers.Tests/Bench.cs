using Microsoft.Extensions.DependencyInjection;
using Rotunda.Providers;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Databases;
using Rotunda.Providers.Issuers;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests;

/// <summary>The tables, and the providers that stand before them.</summary>
internal static class Bench
{
    private static readonly Dictionary<string, Type> Types = typeof(Bench).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(VendorTable)) && !type.IsAbstract)
        .ToDictionary(type => type.Name, StringComparer.Ordinal);

    /// <summary>Of one table only, where the variable names it: the others need not be waited for while one is written.</summary>
    private const string Only = "ROTUNDA_VENDOR";

    public static IEnumerable<string> All => Types.Keys.Order(StringComparer.Ordinal);

    public static IEnumerable<string> Names => Environment.GetEnvironmentVariable(Only) is { Length: > 0 } only
        ? All.Where(name => only.Split(',').Any(one => name.StartsWith(one, StringComparison.OrdinalIgnoreCase)))
        : All;

    /// <summary>Of those the ones that make keys; where there is none, the first of all, as no theory may be without data.</summary>
    public static IEnumerable<string> Issuing => Names.Where(Issues).DefaultIfEmpty(All.First(Issues));

    private static bool Issues(string name) => Table(name).Issues;

    public static VendorTable Table(string name) => (VendorTable)Activator.CreateInstance(Types[name], nonPublic: true)!;

    /// <summary>Each with connections and a pace of its own.</summary>
    public static async Task<TableEnvironment> StartAsync(string table)
    {
        var one = Table(table);
        return new(await FakeVendor.StartAsync(), one, Providers().Single(provider => provider.Descriptor.Id == one.Provider));
    }

    public static IEnumerable<IProvider> Providers() =>
        new ServiceCollection().AddIssuers().AddDatabases().AddCustomProviders().BuildServiceProvider().GetServices<IProvider>();
}
