using System.Text;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Databases.PgBouncer;

namespace Rotunda.Activities.Tests.Providers.PgBouncer;

/// <summary>pgbouncer.ini and its connection strings, as PgBouncer's own code reads them.</summary>
public sealed class IniTextTests
{
    private const string Whole =
        "; head\r\n%include /etc/pgbouncer/more.ini  \r\n\r\n[databases]\r\n# a = host=comment\r\n  a=host=h user=u password=p  \r\n"
        + "\"b \"\"c\" = user='o''b x' password = 'it''s; #1'\r\n* = user=u\r\n"
        + "[pgbouncer]\tauth_user = u ; not a comment \r\nx.y-z_1=\r\nlast = end";

    [Fact]
    public void Each_value_is_found_where_it_stands()
    {
        var ini = IniText.Parse(Encoding.Latin1.GetBytes(Whole));

        Assert.Equal(
            [
                "databases a 6 host=h user=u password=p", "databases b \"c 7 user='o''b x' password = 'it''s; #1'", "databases * 8 user=u",
                "pgbouncer auth_user 9 u ; not a comment", "pgbouncer x.y-z_1 10 ", "pgbouncer last 11 end",
            ],
            ini.Items.Select(item => $"{item.Section} {item.Key} {item.Line} {ini.ValueOf(item)}"));
        Assert.Equal(["/etc/pgbouncer/more.ini"], ini.Includes);
        Assert.Equal(Whole, Encoding.Latin1.GetString(ini.With(ini.Items.Select(item => (item, ini.ValueOf(item))))));
    }

    [Fact]
    public void Everything_else_stays_byte_for_byte()
    {
        var bytes = Encoding.Latin1.GetBytes("[databases]\r\na = user=u\t\r\n; \u00ff\u00e9 caf\u00c3\u00a9\r\nb = user=u");
        var ini = IniText.Parse(bytes);

        Assert.Equal(
            "[databases]\r\na = user=x\t\r\n; \u00ff\u00e9 caf\u00c3\u00a9\r\nb = ",
            Encoding.Latin1.GetString(ini.With([(ini.Items[1], ""), (ini.Items[0], "user=x")])));
    }

    [Theory]
    [InlineData("[databases\na = b", 1)]
    [InlineData("[databases]\n\njust words", 3)]
    [InlineData("[databases]\n= b", 2)]
    [InlineData("[databases]\nba d = b", 2)]
    [InlineData("[databases]\n\"open = b", 2)]
    public void A_line_that_PgBouncer_stops_at_is_named(string text, int line) =>
        Assert.StartsWith(
            $"Line {line} of ",
            Assert.ThrowsAny<OutcomeException>(() => IniText.Parse(Encoding.Latin1.GetBytes(text))).Message);

    [Fact]
    public void What_stands_twice_is_refused()
    {
        var ini = IniText.Parse("[databases]\na = user=u\na = user=v"u8.ToArray());
        Assert.Contains("lines 2 and 3", Assert.ThrowsAny<OutcomeException>(() => ini.Find("databases", "a")).Message);
    }

    [Theory]
    [InlineData("host=h user=u password=p", "user", "v", "host=h user=v password=p")]
    [InlineData("host=h user=u password=p", "password", "it's a", "host=h user=u password='it''s a'")]
    [InlineData("password='p' user=u  ", "password", "plain", "password='plain' user=u  ")]
    [InlineData("user=u password = p", "password", "=;", "user=u password = '=;'")]
    [InlineData("password=p user=u password='q'", "password", "r", "password='r' user=u password='r'")]
    [InlineData("user=u", "password", "r", "user=u")]
    public void A_value_is_replaced_in_its_place(string text, string key, string value, string expected)
    {
        var changed = ConnectText.Parse(text, "a").With(key, value);

        Assert.Equal(expected, changed);
        Assert.Equal(expected.Contains(key) ? value : null, ConnectText.Parse(changed, "a").Value(key));
    }

    [Theory]
    [InlineData("user")]
    [InlineData("user=")]
    [InlineData("user=''")]
    [InlineData("user='open")]
    [InlineData("=x")]
    public void What_PgBouncer_does_not_take_is_refused_and_not_quoted(string text)
    {
        var message = Assert.ThrowsAny<OutcomeException>(() => ConnectText.Parse("password=cAnary " + text, "a")).Message;
        Assert.DoesNotContain("cAnary", message);
    }

    [Fact]
    public void What_was_there_comes_back_as_it_stood()
    {
        const string text = "password = 'a''b' host=h password=plain user=\u00c3\u00a9";
        var connect = ConnectText.Parse(text, "a");
        Assert.Equal("\u00e9", connect.Value("user"));

        var changed = ConnectText.Parse(connect.With("password", "x y"), "a");
        Assert.Equal(text, changed.WithRaw("password", connect.Raw("password")));
    }
}
