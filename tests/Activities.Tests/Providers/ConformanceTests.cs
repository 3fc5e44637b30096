using System.Text.Json.Nodes;
using Rotunda.Providers.Consumers.Http;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Issuers.Generated;
using Rotunda.Providers.Targets.ConfigFile;
using Rotunda.Providers.Targets.DotEnv;
using Rotunda.Providers.Targets.PlainFile;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.RealServers;

namespace Rotunda.Activities.Tests.Providers;

[Collection(PostgresTestGroup.Name)]
public sealed class ConformanceTests(PostgresFixture postgres)
{
    [Fact]
    public Task Generated_conforms() => ProviderConformanceSuite.RunAsync(new GeneratedEnvironment());

    [Theory]
    [InlineData("nologin")]
    [InlineData("scramble")]
    public async Task Postgres_conforms(string lockRetired)
    {
        await postgres.Cluster.ExecuteAsync(
            "CREATE TABLE IF NOT EXISTS public.conform_used (id int); GRANT SELECT ON public.conform_used TO PUBLIC");
        await using var environment = new PostgresEnvironment(postgres.Cluster, postgres.Admin, postgres.NewName("conform"), lockRetired);
        await ProviderConformanceSuite.RunAsync(environment);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("# mine\nOTHER='x'\nexport KEY=\"old\" # why\n\nKEY=older")]
    public async Task Dotenv_conforms(string? before)
    {
        await using var environment = new FileEnvironment(
            new DotEnvProvider(),
            new()
            {
                ["keys"] = new JsonObject
                {
                    ["KEY"] = "{value}",
                    ["URL"] = "pg://{username}:{value:url}@h",
                    ["SECOND"] = "{secondary:base64}",
                },
            },
            before)
        {
            Reading = before == "" ? ["sh", "node", "python-dotenv"] : [],
        };
        await KeptOnFile.HangAsync(environment.Target);
        await ProviderConformanceSuite.RunAsync(environment);
    }

    [Theory]
    [InlineData("json", null)]
    [InlineData("json", "// mine\n{\n  \"other\": 1,\n  \"a\": { \"key\": \"old\" }, // why\n}\n")]
    [InlineData("yaml", "# mine\nother: 1\na:\n  key: 'old' # why\n")]
    [InlineData("yaml", null)]
    [InlineData("toml", "# mine\nother = 1\n[a]\nkey = 'old' # why\n")]
    [InlineData("ini", "; mine\n[other]\nx=1\n[a]\nkey = old\n")]
    [InlineData("properties", "# mine\nother=1\na.key : old\\\n   er\n")]
    public async Task Config_file_conforms(string format, string? before)
    {
        await using var environment = new FileEnvironment(
            new ConfigFileProvider(),
            new()
            {
                ["format"] = format,
                ["addMissing"] = true,
                ["keys"] = new JsonObject { ["a.key"] = "{value}", ["a.second"] = "{secondary:base64}" },
            },
            before);
        await KeptOnFile.HangAsync(environment.Target);
        await ProviderConformanceSuite.RunAsync(environment);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("before")]
    public async Task File_conforms(string? before)
    {
        await using var environment = new FileEnvironment(
            new FileProvider(),
            new() { ["template"] = "{username}:{value} {secondary}", ["trailingNewline"] = true },
            before)
        {
            Whole = text => text["app_a:".Length..^" \n".Length],
        };
        await KeptOnFile.HangAsync(environment.Target);
        await ProviderConformanceSuite.RunAsync(environment);
    }

    [Fact]
    public async Task Http_conforms()
    {
        await using var environment = new HttpEnvironment(await ConsumerServer.StartAsync());
        await ProviderConformanceSuite.RunAsync(environment);
    }

    [Fact]
    public async Task Postgres_rows_conforms()
    {
        await postgres.Cluster.ExecuteAsync("CREATE TABLE IF NOT EXISTS public.conform_rows (id bigint PRIMARY KEY, label text)");
        await ProviderConformanceSuite.RunAsync(new RowsEnvironment(postgres));
    }

    private sealed class RowsEnvironment(PostgresFixture postgres) : ProviderEnvironment
    {
        public override IProvider Provider { get; } = new Rotunda.Reencryption.RowsProvider();

        public override JsonObject Settings => new()
        {
            ["connection"] = "env:ADMIN", ["tables"] = new JsonArray(new JsonObject
            {
                ["table"] = "public.conform_rows",
                ["columns"] = new JsonArray("label"),
            }),
        };

        public override IReadOnlyDictionary<string, string> References => new Dictionary<string, string> { ["env:ADMIN"] = postgres.Admin };

        public override IEnumerable<(string What, JsonObject Settings)> BrokenSettings
        {
            get
            {
                var elsewhere = Settings;
                elsewhere["tables"]![0]!["table"] = "public.no_such_rows";
                var nowhere = Settings;
                nowhere["connection"] = "env:MISSING";
                return [("a table that is not there", elsewhere), ("a reference to nothing", nowhere)];
            }
        }

        public override IEnumerable<BrokenWorld> BrokenWorlds =>
        [
            new(
                "a column that was renamed",
                () => postgres.Cluster.ExecuteAsync("ALTER TABLE public.conform_rows RENAME label TO name"),
                () => postgres.Cluster.ExecuteAsync("ALTER TABLE public.conform_rows RENAME name TO label")),
        ];
    }

    private sealed class GeneratedEnvironment : ProviderEnvironment
    {
        public override IProvider Provider { get; } = new GeneratedProvider();

        public override JsonObject Settings => new() { ["purpose"] = "jwt" };
    }

    private sealed class FileEnvironment : ProviderEnvironment
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rotunda-test-");
        private readonly JsonObject _settings;
        private readonly string _path;
        private byte[]? _aside;

        public FileEnvironment(IProvider provider, JsonObject settings, string? before)
        {
            Provider = provider;
            _settings = settings;
            _path = Path.Combine(_folder.FullName, "target");
            if (before is not null)
            {
                File.WriteAllText(_path, before);
            }
        }

        public override IProvider Provider { get; }

        public override JsonObject Settings => With(_path);

        public string Target => _path;

        /// <summary>The programs that read it as an env file.</summary>
        public IReadOnlyList<string> Reading { get; init; } = [];

        /// <summary>Where it is read as a whole: the value in it.</summary>
        public Func<string, string>? Whole { get; init; }

        public override IReadOnlyList<TargetReader> Readers => Whole is { } whole
            ? [new("cat", async () => whole(await File.ReadAllTextAsync(_path)))]
            : [.. Reading.Select(name => new TargetReader(
                name, async () => (await EnvReaders.ReadAsync(name, _path))?.GetValueOrDefault("KEY")))];

        public override Task<string?> KeptAsync() => Task.FromResult<string?>(KeptOnFile.Of(_path));

        public override IEnumerable<(string What, JsonObject Settings)> BrokenSettings =>
        [
            ("a folder that is not there", With(Path.Combine(_folder.FullName, "missing/target"))),
            ("a folder in the file's place", With(_folder.FullName)),
            ("an unknown placeholder", Unknown()),
        ];

        public override IEnumerable<BrokenWorld> BrokenWorlds =>
        [
            new(
                "a folder that somebody made in the file's place",
                () =>
                {
                    _aside = File.Exists(_path) ? File.ReadAllBytes(_path) : null;
                    File.Delete(_path);
                    Directory.CreateDirectory(_path);
                },
                () =>
                {
                    Directory.Delete(_path);
                    if (_aside is not null)
                    {
                        File.WriteAllBytes(_path, _aside);
                    }
                }),
        ];

        public override async Task<string> StateAsync() =>
            string.Join(' ', _folder.GetFiles().Select(file => file.Name)) + (File.Exists(_path) ? await File.ReadAllTextAsync(_path) : "");

        public override async ValueTask DisposeAsync()
        {
            _folder.Delete(recursive: true);
            await base.DisposeAsync();
        }

        private JsonObject With(string path)
        {
            var settings = _settings.DeepClone().AsObject();
            settings["path"] = path;
            return settings;
        }

        private JsonObject Unknown()
        {
            var settings = With(_path);
            settings["template"] = "{nothing}";
            settings["keys"] = new JsonObject { ["KEY"] = "{nothing}" };
            return settings;
        }
    }

    private sealed class HttpEnvironment : ProviderEnvironment
    {
        private readonly ConsumerServer _server;
        private bool _isDown;

        public HttpEnvironment(ConsumerServer server)
        {
            _server = server;
            server.Answer = async context =>
            {
                // A bad consumer: echoes whatever it was sent.
                var isBroken = context.Request.Path.StartsWithSegments("/broken", StringComparison.Ordinal);
                context.Response.StatusCode = _isDown || isBroken ? 500 : 200;
                context.Response.ContentType = "application/json";
                var body = context.Request.Path.StartsWithSegments("/echo", StringComparison.Ordinal)
                    ? context.Request.Headers.Authorization.ToString()
                    : $$"""{ "primary": "{{Fingerprints.Primary}}", "secondary": null }""";
                await context.Response.BodyWriter.WriteAsync(System.Text.Encoding.UTF8.GetBytes(body));
            };
        }

        public override IProvider Provider { get; } = new HttpProvider();

        public override JsonObject Settings => For(_server.Address, "");

        public override IReadOnlyDictionary<string, string> References =>
            new Dictionary<string, string> { ["env:TOKEN"] = "consumer-token-1234567890", ["env:BAD"] = "broken\ntoken-1234567890" };

        public override IEnumerable<(string What, JsonObject Settings)> BrokenSettings
        {
            get
            {
                var badToken = Settings;
                badToken["token"] = "env:BAD";
                return
                [
                    ("an instance that fails", For(_server.Address, "broken/")),
                    ("an instance that is not there", For("http://127.0.0.1:1", "")),
                    ("no address", For("consumer-token", "")),
                    ("a token that is none", badToken),
                ];
            }
        }

        public override IEnumerable<BrokenWorld> BrokenWorlds =>
            [new("an instance that is down", () => _isDown = true, () => _isDown = false)];

        public override async ValueTask DisposeAsync()
        {
            await _server.DisposeAsync();
            await base.DisposeAsync();
        }

        private static JsonObject For(string address, string prefix) => new()
        {
            ["instances"] = new JsonArray(address),
            ["reloadPath"] = prefix + "reload",
            ["healthPath"] = "/" + prefix + "health",
            ["fingerprintPath"] = prefix + "fingerprint",
            ["token"] = "env:TOKEN",
        };
    }
}
