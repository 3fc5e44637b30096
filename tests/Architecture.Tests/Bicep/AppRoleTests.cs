using System.Text.Json;
using Rotunda.Access;

namespace Rotunda.Architecture.Tests.Bicep;

/// <summary>The app registration has the roles, and the client the scope, that the code and the docs know.</summary>
public sealed class AppRoleTests
{
    [Fact]
    public void The_app_roles_are_the_roles_of_the_api()
    {
        using var roles = Read("roles.json");

        Assert.Equal(
            Enum.GetNames<Role>().Select(r => r.ToLowerInvariant()),
            roles.RootElement.EnumerateArray().Select(r => r.GetProperty("value").GetString()!));
        Assert.Equal(4, roles.RootElement.EnumerateArray().Select(r => r.GetProperty("id").GetGuid()).Distinct().Count());
    }

    [Fact]
    public void The_client_is_let_in_to_the_scope_that_there_is()
    {
        using var scope = Read("scope.json");
        using var client = Read("azure-cli.json");
        var id = scope.RootElement.GetProperty("api").GetProperty("oauth2PermissionScopes")[0].GetProperty("id").GetGuid();
        var allowed = client.RootElement.GetProperty("api").GetProperty("preAuthorizedApplications")[0]
            .GetProperty("delegatedPermissionIds");

        Assert.Equal(id, Assert.Single(allowed.EnumerateArray()).GetGuid());
    }

    private static JsonDocument Read(string file) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Infrastructure.Folder, "entra", file)));
}
