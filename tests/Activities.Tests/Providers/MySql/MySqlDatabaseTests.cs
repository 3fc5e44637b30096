using Rotunda.Providers.SqlDatabases.MySql;
using Rotunda.Rotation.Words;
using Rotunda.Testing.RealServers;

namespace Rotunda.Activities.Tests.Providers.MySql;

/// <summary>A typo in the database's name, or a right that is lacking there, is found before anything is changed.</summary>
[Collection(MariaDbTestGroup.Name)]
public sealed class MySqlDatabaseTests(MariaDbFixture fixture)
{
    private static readonly MySqlUsersProvider Provider = new();

    [Fact]
    public async Task A_database_that_is_not_there_is_told_with_those_that_are()
    {
        await using var environment = await MySqlUsersEnvironment.StartAsync(fixture, null, "_typo");
        var call = environment.Call(settings: environment.With(("database", environment.Database[..^1])));
        var rights = $"They have rights in {environment.Database}.";

        var hidden = (await Provider.ValidateAsync(call, default)).Reason;
        Assert.Contains($"may not use the database {environment.Database[..^1]} at ", hidden);
        Assert.Contains($", if there is one at all. {rights} Correct 'database'", hidden);
        var admin = $"{MariaDbServer.AdminUser}@'127.0.0.1'";
        await fixture.Server.RunAsync($"GRANT SHOW DATABASES ON *.* TO {admin}");
        try
        {
            Assert.Contains(
                $"has no database {environment.Database[..^1]}. {rights} Correct 'database'.",
                (await Provider.ValidateAsync(call, default)).Reason);
            Assert.Equal(StepOutcomeKind.Done, (await Provider.ValidateAsync(environment.Call(), default)).Kind);
        }
        finally
        {
            await fixture.Server.RunAsync($"REVOKE SHOW DATABASES ON *.* FROM {admin}");
        }
    }

    [Theory]
    [InlineData("GRANT SELECT ON `{0}`.* TO {1}", true)]
    [InlineData("GRANT SELECT ON `{0}`.`orders` TO {1}", true)]
    [InlineData("GRANT SELECT (id) ON `{0}`.`orders` TO {1}", true)]
    [InlineData("GRANT EXECUTE ON PROCEDURE `{0}`.`count_them` TO {1}", true)]
    [InlineData("GRANT SELECT ON `%`.* TO {1}", true)]
    [InlineData("GRANT SELECT ON *.* TO {1}", true)]
    [InlineData("GRANT USAGE ON *.* TO {1}", false)]
    [InlineData("GRANT SELECT ON `{0}_more`.* TO {1}", false)]
    public async Task A_right_of_any_kind_lets_a_login_in(string grant, bool letsIn)
    {
        await using var environment = await MySqlUsersEnvironment.StartAsync(fixture, null, "_any");
        var users = new[] { environment.Used, environment.Idle }.Select(user => MySqlUsersEnvironment.Of(user)).ToList();
        await fixture.Server.RunAsync(
        [
            $"CREATE OR REPLACE TABLE `{environment.Database}`.orders (id int)",
            $"CREATE OR REPLACE PROCEDURE `{environment.Database}`.count_them() SELECT count(*) FROM orders",
            .. users.SelectMany(user => new[]
            {
                $"REVOKE ALL PRIVILEGES, GRANT OPTION FROM {user}",
                string.Format(System.Globalization.CultureInfo.InvariantCulture, grant, environment.Database, user),
            }),
        ]);

        var outcome = await Provider.ValidateAsync(environment.Call(), default);

        Assert.Equal((letsIn, letsIn), (outcome.Succeeded, await LogsInAsync(environment)));
        Assert.Contains(letsIn ? "" : $"may not use the database {environment.Database} at ", outcome.Reason ?? "");
    }

    [Theory]
    [InlineData("GRANT SELECT ON `or\\_ders`.* TO `a`@`%`", "or_ders", true)]
    [InlineData("GRANT SELECT ON `or\\_ders`.* TO `a`@`%`", "orXders", false)]
    [InlineData("GRANT SELECT ON `or_ders`.* TO `a`@`%`", "orXders", true)]
    [InlineData("GRANT SELECT ON `or_ders`.`t` TO `a`@`%`", "orXders", false)]
    [InlineData("GRANT SELECT ON `shop``s.*`.* TO `a`@`%`", "shop`s.*", true)]
    [InlineData("GRANT `reader` TO `a`@`%`", "orders", true)]
    [InlineData("GRANT PROXY ON ''@'%' TO 'a'@'%'", "orders", false)]
    [InlineData("GRANT USAGE ON *.* TO `a`@`%`", "Information_Schema", true)]
    public void Names_in_grants_are_patterns_as_the_server_takes_them(string line, string database, bool covers) =>
        Assert.Equal(covers, MySqlDatabase.Covers([line], database));

    private async Task<bool> LogsInAsync(MySqlUsersEnvironment environment)
    {
        try
        {
            await using var client = await fixture.Server.ConnectAsync(environment.Used, MySqlUsersEnvironment.InUsePassword);
            await client.ChangeDatabaseAsync(environment.Database);
            return true;
        }
        catch (MySqlConnector.MySqlException)
        {
            return false;
        }
    }
}
