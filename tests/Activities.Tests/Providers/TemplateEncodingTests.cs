using System.Data.Common;
using System.Net;
using System.Text.Json.Nodes;
using Npgsql;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Delivery;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Providers;

/// <summary>Each encoding of templates is read back by a real reader of the place it is for, with every printable character in it.</summary>
[Collection(PostgresTestGroup.Name)]
public sealed class TemplateEncodingTests(PostgresFixture postgres)
{
    private const string LibpqReader = """
        import ctypes, ctypes.util, sys
        class Option(ctypes.Structure):
            _fields_ = [(name, ctypes.c_char_p) for name in ('keyword', 'envvar', 'compiled', 'val', 'label', 'dispchar')] + [('size', ctypes.c_int)]
        pq = ctypes.CDLL(ctypes.util.find_library('pq'))
        pq.PQconninfoParse.restype = ctypes.POINTER(Option)
        options = pq.PQconninfoParse(sys.argv[1].encode(), None)
        at = 0
        while options[at].keyword:
            if options[at].keyword == b'password':
                sys.stdout.buffer.write(options[at].val)
            at += 1
        """;

    private static readonly string All = string.Concat(Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code));

    public static TheoryData<string> Values => [All, "'" + All, All + "\\", " a'b ", "\"a\"", "''", "ünï €", "1234", "true"];

    [Theory]
    [MemberData(nameof(Values))]
    public async Task Every_reader_reads_back_what_its_encoding_gives(string value)
    {
        Assert.Equal(value, (string?)JsonNode.Parse(Filled("[\"{value:json}\"]", value))![0]);
        Assert.Equal(value, Ado(Filled("Host=db;Password={value:ado};Database=d", value)));
        Assert.Equal(
            value,
            new NpgsqlConnectionStringBuilder(Filled("Host=db;Password={value:ado};Database=d", value)).Password);
        Assert.Equal(value, UserInfo(Filled("pg://u:{value:url}@db/x", value)));
        // Drivers of Java decode as forms do.
        Assert.Equal(value, WebUtility.UrlDecode(Filled("jdbc:pg://db/x?password={value:jdbc}", value).Split('=', 2)[1]));
        Assert.Equal(value, Yaml(Filled("password: {value:yaml}\n", value)));
        Assert.Equal(value, await postgres.Cluster.ScalarAsync<string>(Filled("SELECT {value:sql}", value)));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(value, await Commands.OutputAsync("sh", "-c", Filled("printf %s {value:shell}", value)));
        }
    }

    [Theory]
    [MemberData(nameof(Values))]
    public async Task The_real_libpq_reads_its_keyword_string(string value)
    {
        var output = await Commands.OutputAsync(
            "/usr/bin/python3", "-c", LibpqReader, Filled("host=db password={value:libpq} dbname=d", value));
        Assert.SkipWhen(output is null, "needs libpq and python3");
        Assert.Equal(value, output);
    }

    /// <summary>What the catalog check lets stand without an encoding stands there for itself.</summary>
    [Fact]
    public void What_is_let_through_without_an_encoding_is_read_as_it_is()
    {
        const string inUri = "-._~!$&'()*+,;=";
        const string inQuery = "-._~!$'()*,;:@/?";
        Assert.All(All.Except(";='\" "), one => Around(one, value => Ado($"Host=db;Password={value};Database=d")));
        Assert.All(inUri, one => Around(one, value => UserInfo($"pg://u:{value}@db/x")));
        Assert.All(inQuery, one => Around(one, value => new Uri($"pg://db/x?password={value}").Query.Split('=', 2)[1]));
        Assert.All(All.Except("#:{}[],&*?|<>'\"%@`!~ "), one => Around(one, value => Yaml($"password: {value}\n")));
        Assert.All(All.Except("\"\\"), one => Around(one, value => (string)JsonNode.Parse($"[\"{value}\"]")![0]!));
    }

    private static void Around(char one, Func<string, string?> read) =>
        Assert.All(new[] { $"{one}a", $"a{one}", $"a{one}a" }, value => Assert.Equal(value, read(value)));

    private static string? Ado(string text) => (string)new DbConnectionStringBuilder { ConnectionString = text }["Password"];

    private static string UserInfo(string text) => Uri.UnescapeDataString(new Uri(text).UserInfo.Split(':', 2)[1]);

    private static string Yaml(string text) =>
        new YamlDotNet.Serialization.DeserializerBuilder().Build().Deserialize<Dictionary<string, string>>(text)["password"];

    private static string Filled(string template, string text)
    {
        using var value = SecretValue.FromText(text);
        return DeliveryTemplate.Parse(template).Render(new DeliveredValues(new(value, "app", "aaa"), null, "00"));
    }
}
