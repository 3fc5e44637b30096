namespace Rotunda.Page.Tests;

/// <summary>Tests that share one world: one server and one browser.</summary>
[CollectionDefinition(Name)]
public sealed class WorldCollection : ICollectionFixture<PageWorld>
{
    public const string Name = "world";
}
