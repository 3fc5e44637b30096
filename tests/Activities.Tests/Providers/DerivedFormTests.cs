using System.Text;
using System.Text.Json.Nodes;
using Npgsql;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Delivery;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Providers;

/// <summary>What is derived from a value is taken by the real clients of its form, with every printable character in it.</summary>
[Collection(PostgresTestGroup.Name)]
public sealed class DerivedFormTests(PostgresFixture postgres)
{
    private const string Pair = "{({username}:{value}):base64}";

    private static readonly string All = string.Concat(Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code));

    public static TheoryData<string> Values => [All, All + "\\", "'\"" + All, " a'b\\ ", "ünï€𝄞ß", "%41%zz+&#", "1234", "${A}$(id)`id`"];

    /// <summary>A whole text, its encoding behind it, and what is a brace of its own.</summary>
    [Theory]
    [InlineData(Pair, "YXBwOmEvYg==")]
    [InlineData("{(pg://{username}:{value:uri}@h):json}", "pg://app:a%2Fb@h")]
    [InlineData("{({value})}", "a/b")]
    [InlineData("{(f({value})):shell}", "'f(a/b)'")]
    [InlineData("{({{{value}}}):shell}", "'{a/b}'")]
    [InlineData("{({{f({value})}}):shell}", "'{f(a/b)}'")]
    [InlineData("{({value})}}}", "a/b}")]
    [InlineData("{(x{(y{(z{value}):url}):url}):url}", "xyza%25252Fb")]
    [InlineData("{({value},{secondary?}):base64}", "YS9i")]
    public void A_text_within_is_encoded_as_a_whole(string template, string expected) =>
        Assert.Equal(expected, Filled(template, "a/b"));

    [Theory]
    [MemberData(nameof(Values))]
    public async Task Clients_of_PostgreSQL_log_in(string password)
    {
        var user = postgres.NewName("derived");
        await postgres.Cluster.ExecuteAsync(
            Filled($"CREATE ROLE {user} LOGIN PASSWORD {{value:sql}}", password));
        var (host, port) = (postgres.Cluster.Host, postgres.Cluster.Port);

        foreach (var form in new[]
        {
            $"postgresql://{user}:{{password:uri}}@{host}:{port}/postgres",
            $"postgresql://{host}:{port}/postgres?user={user}&password={{value:url}}",
            $"host={host} port={port} user={user} dbname=postgres password={{value:libpq}}",
        })
        {
            Assert.Equal(user, (await Commands.OutputAsync("psql", "-wAtc", "SELECT current_user", Filled(form, password)))?.TrimEnd());
        }

        var ado = $"Host={host};Port={port};Username={user};Database=postgres;Pooling=false;GSS Encryption Mode=Disable;"
            + $"Password={{value:ado}}";
        await using var connection = new NpgsqlConnection(Filled(ado, password));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT current_user", connection);
        Assert.Equal(user, await command.ExecuteScalarAsync());

        // The same behind a shell, as scripts have it.
        var script = Filled($"psql -wAtc 'SELECT current_user' {{(postgresql://{user}:{{value:uri}}@{host}:{port}/postgres):shell}}",
            password);
        Assert.Equal(user, (await Commands.OutputAsync("bash", "-c", script))?.TrimEnd());
    }

    [Theory]
    [MemberData(nameof(Values))]
    public async Task Redis_takes_its_address(string password)
    {
        await using var redis = await DerivedRedis.StartAsync(password);
        Assert.SkipWhen(redis is null, "needs redis-server");
        Assert.Equal("PONG", await redis!.PingAsync(Filled($"redis://default:{{value:uri}}@127.0.0.1:{redis.Port}/0", password)));
    }

    [Theory]
    [MemberData(nameof(Values))]
    public async Task Java_reads_the_properties_of_a_JDBC_address(string password)
    {
        // pgjdbc and Connector/J split at & and =, then decode as forms do.
        const string reader = """
            class Reader {
                public static void main(String[] a) throws Exception {
                    for (String one : a[0].split("\\?", 2)[1].split("&")) {
                        String[] pair = one.split("=", 2);
                        if (pair[0].equals("password")) {
                            String value = java.net.URLDecoder.decode(pair[1], "UTF-8");
                            System.out.write(value.getBytes("UTF-8"));
                            System.out.flush();
                        }
                    }
                }
            }
            """;
        using var folder = new TempFolder();
        var source = Path.Combine(folder.Path, "Reader.java");
        await File.WriteAllTextAsync(source, reader);
        var address = Filled("jdbc:postgresql://db:5432/shop?user={username}&password={value:jdbc}&ssl=true", password);
        var output = await Commands.OutputAsync("java", source, address);
        Assert.SkipWhen(output is null, "needs a JDK");
        Assert.Equal(password, output);
    }

    [Theory]
    [MemberData(nameof(Values))]
    public async Task Python_reads_addresses_headers_JSON_and_YAML(string password)
    {
        const string reader = """
            import base64, json, shlex, sys, urllib.parse, yaml
            url, header, text, document, words, want = (open(path, encoding='utf-8', newline='').read() for path in sys.argv[1:])
            parts = urllib.parse.urlsplit(url)
            assert urllib.parse.unquote(parts.password) == want, 'url'
            assert (parts.hostname, parts.port, parts.path) == ('db', 5432, '/shop'), 'url parts'
            assert base64.b64decode(header.removeprefix('Basic ')).decode() == 'app:' + want, 'basic'
            assert json.loads(text) == {'password': want, 'url': url}, 'json'
            assert yaml.safe_load(document) == {'password': want, 'url': url, 'more': 1}, 'yaml'
            assert shlex.split(words) == ['export', 'PW=' + want], 'shell'
            print('good')
            """;
        const string url = "postgresql://{username}:{value:uri}@db:5432/shop";
        using var folder = new TempFolder();
        var files = new List<string>();
        foreach (var template in new[]
        {
            url, $"Basic {Pair}", $$$"""{{"password":"{value:json}","url":"{({{{url}}}):json}"}}""",
            $"password: {{value:yaml}}\nurl: {{({url}):yaml}}\nmore: 1\n", "export PW={value:shell}", "{value}",
        })
        {
            files.Add(Path.Combine(folder.Path, $"{files.Count}"));
            await File.WriteAllTextAsync(files[^1], Filled(template, password));
        }

        Assert.Equal("good", (await Commands.OutputAsync("/usr/bin/python3", ["-c", reader, .. files]))?.TrimEnd());
    }

    /// <summary>Compose interpolates what it reads, so a dollar sign is written twice in its file; its env files have rules of their
    /// own, which <see cref="EnvDialectTests"/> tries.</summary>
    [Theory]
    [MemberData(nameof(Values))]
    public async Task Compose_reads_a_YAML_text(string password)
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "compose.yaml");
        var text = "services:\n  app:\n    image: x\n    environment:\n      PW: {value:yaml}\n";
        await File.WriteAllTextAsync(path, Filled(text, password.Replace("$", "$$", StringComparison.Ordinal)));
        var output = await Commands.OutputAsync("docker", "compose", "-f", path, "config", "--format", "json")
            ?? await Commands.OutputAsync("docker-compose", "-f", path, "config");
        Assert.SkipWhen(output is null, "needs docker compose, which this machine has not");
        var read = new YamlDotNet.Serialization.DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(output!);
        var node = JsonNode.Parse(new YamlDotNet.Serialization.SerializerBuilder().JsonCompatible().Build().Serialize(read))!;
        Assert.Equal(password, ((string?)node["services"]!["app"]!["environment"]!["PW"])!.Replace("$$", "$", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_not_text_is_refused_within_too()
    {
        using var value = SecretValue.FromBytes([0xff, 0x00]);
        var values = new DeliveredValues(new(value, "app", "aaa"), null, "00");
        Assert.Throws<DeliveryException>(() => DeliveryTemplate.Parse(Pair).Render(values));
        Assert.Equal(
            "/wA=",
            Encoding.UTF8.GetString(Convert.FromBase64String(DeliveryTemplate.Parse("{({value:base64}):base64}").Render(values))));
    }

    private static string Filled(string template, string text)
    {
        using var value = SecretValue.FromText(text);
        return DeliveryTemplate.Parse(template).Render(new DeliveredValues(new(value, "app", "aaa"), null, "00"));
    }
}
