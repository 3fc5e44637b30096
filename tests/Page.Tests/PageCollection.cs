namespace Rotunda.Page.Tests;

/// <summary>Tests that share one browser and one server.</summary>
[CollectionDefinition(Name)]
public sealed class PageCollection : ICollectionFixture<Browser>, ICollectionFixture<OneServer>
{
    public const string Name = "page";
}
