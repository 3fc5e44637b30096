namespace Rotunda.Testing.VendorFakes.SqlServer;

/// <summary>What stands behind a <see cref="FakeSqlServer"/>: who may log in, and what a statement answers.</summary>
public interface IFakeSqlWorld
{
    /// <param name="database">As the client asks for it; null for the login's own.</param>
    FakeSqlLogin LogIn(string login, string password, string? database);

    /// <exception cref="FakeVendorException">No such statement is known.</exception>
    FakeSqlAnswer Run(FakeSqlSession session, string text, IReadOnlyDictionary<string, string> parameters);
}
