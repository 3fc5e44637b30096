namespace Rotunda.Page.Tests.SignIn;

/// <summary>Tests that share one browser, one server and its identity provider.</summary>
[CollectionDefinition(Name)]
public sealed class SignInCollection : ICollectionFixture<Browser>, ICollectionFixture<SignedServer>
{
    public const string Name = "sign-in";
}
