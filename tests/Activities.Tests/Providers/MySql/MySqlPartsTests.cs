using Rotunda.Providers.SqlDatabases.MySql;

namespace Rotunda.Activities.Tests.Providers.MySql;

/// <summary>What is decided without a server.</summary>
public sealed class MySqlPartsTests
{
    [Theory]
    [InlineData("%", "10.1.2.3", true)]
    [InlineData("10.1.%", "10.1.2.3", true)]
    [InlineData("10.1.2._", "10.1.2.3", true)]
    [InlineData("10.2.%", "10.1.2.3", false)]
    [InlineData("10.1.0.0/255.255.0.0", "10.1.2.3", true)]
    [InlineData("10.1.0.0/255.255.255.0", "10.1.2.3", false)]
    [InlineData("10.0.0.0/15", "10.1.2.3", true)]
    [InlineData("10.0.0.0/16", "10.1.2.3", false)]
    [InlineData("::1", "::1", true)]
    [InlineData("fe80::/10", "fe80::1", true)]
    [InlineData("localhost", "127.0.0.1", false)]
    [InlineData("LOCALHOST", "localhost", true)]
    [InlineData("10.%", "localhost", false)]
    [InlineData("10.%", "app.internal", null)]
    [InlineData("app.internal", "app.internal", true)]
    public void A_host_of_an_account_lets_in_who_it_names(string host, string client, bool? letsIn) =>
        Assert.Equal(letsIn, MySqlHostPattern.LetsIn(host, client));

    [Theory]
    [InlineData("10.11.19-MariaDB-0+deb12u1-log", "10.11.19")]
    [InlineData("8.0.36-28", "8.0.36")]
    [InlineData("8.4.0", "8.4.0")]
    [InlineData("9.1", "9.1.0")]
    [InlineData("nonsense", "0.0.0")]
    public void A_version_is_read_as_servers_write_it(string text, string version) =>
        Assert.Equal(Version.Parse(version), MySqlServer.ReadVersion(text));

    [Theory]
    [InlineData("mysql://rot%40nda:p%3A%2F%40ss@db.example:3307?ssl-mode=VERIFY_IDENTITY", "db.example", 3307, "rot@nda", "p:/@ss")]
    [InlineData("mariadb://rotunda:x@[::1]", "::1", 3306, "rotunda", "x")]
    [InlineData("Server=db.example;User ID=rotunda;Password='a;b'", "db.example", 3306, "rotunda", "a;b")]
    public void A_connection_is_an_address_or_words(string text, string host, int port, string user, string password)
    {
        var read = MySqlConnectionText.Read(text);
        Assert.Equal((host, (uint)port, user, password), (read.Server, read.Port, read.UserID, read.Password));
    }

    [Theory]
    [InlineData("mysql://rotunda:s3cr3t@db.example?allow=s3cr3t")]
    [InlineData("mysql://rotunda:s3cr3t@")]
    [InlineData("Server=db.example;s3cr3t")]
    [InlineData("Server=db.example;Nonsense=s3cr3t")]
    [InlineData("Server=db@s3cr3t;User ID=rotunda")]
    public void What_is_no_connection_is_told_without_a_part_of_it(string text) => Assert.DoesNotContain(
        "s3cr3t",
        Assert.Throws<MySqlSetupException>(() => MySqlConnectionText.Read(text)).ToString());

    [Theory]
    [InlineData(
        "GRANT USAGE ON *.* TO `a`@`%` IDENTIFIED BY PASSWORD '*667F' REQUIRE SSL WITH GRANT OPTION MAX_USER_CONNECTIONS 7",
        "GRANT USAGE ON *.* TO `b`@`%` WITH GRANT OPTION")]
    [InlineData("GRANT USAGE ON *.* TO 'a'@'%'", "GRANT USAGE ON *.* TO `b`@`%`")]
    [InlineData("GRANT SELECT ON `x y`.* TO `a`@`%`", "GRANT SELECT ON `x y`.* TO `b`@`%`")]
    [InlineData("GRANT `r` TO `a`@`%` WITH ADMIN OPTION", "GRANT `r` TO `b`@`%` WITH ADMIN OPTION")]
    [InlineData("SET DEFAULT ROLE `r` FOR `a`@`%`", "SET DEFAULT ROLE `r` FOR `b`@`%`")]
    [InlineData("GRANT USAGE ON *.* TO somebody IDENTIFIED VIA x USING 'y'", "GRANT USAGE ON *.* TO somebody")]
    public void A_line_of_rights_is_told_as_that_of_the_other_without_what_is_kept_of_a_password(string line, string other) =>
        Assert.Equal(other, MySqlGrants.For(line, Account("a"), Account("b")));

    [Fact]
    public void Rights_on_the_whole_server_are_read_from_all_lines()
    {
        var rights = MySqlRights.Read(
        [
            "GRANT SELECT, CREATE USER ON *.* TO `r`@`%`", "GRANT CONNECTION_ADMIN,SYSTEM_USER ON *.* TO `r`@`%`",
            "GRANT PROCESS ON `x`.* TO `r`@`%`",
        ]);
        Assert.True(rights.Has("CREATE USER") && rights.Has("CONNECTION ADMIN", "CONNECTION_ADMIN") && rights.HasNamed("SYSTEM_USER"));
        Assert.False(rights.Has("PROCESS"));
        Assert.True(MySqlRights.Read(["GRANT ALL PRIVILEGES ON *.* TO `r`@`%` WITH GRANT OPTION"]).Has("PROCESS"));
    }

    private static MySqlAccount Account(string user) => new(user, "%", MySqlAccount.Native, false, false, []);
}
