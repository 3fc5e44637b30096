using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Reencryption.Formats;
using Rotunda.Rotation.Words;
using Rotunda.Testing.StoredRows;

namespace Rotunda.Activities.Tests.Providers.PostgresRows;

/// <summary>Tables as people have them: keys of several columns, partitions parted by another column, types over text, something before
/// each token, rows that were never encrypted.</summary>
[Collection(RowsTestGroup.Name)]
public sealed class ShapeTests(PostgresFixture postgres)
{
    [Theory]
    [InlineData("tenant text COLLATE \"C\", id bigint", "CASE WHEN n % 3 = 0 THEN 'eu' ELSE 'u\"s' END, n", "tenant, id")]
    [InlineData("day date, no int", "DATE '2026-01-01' + (n % 7)::int, n", "day, no")]
    [InlineData("a uuid, b citext, c smallint", "md5((n % 5)::text)::uuid, 'User ' || n, n % 100", "a, b, c")]
    public async Task Rows_with_a_key_of_several_columns_are_moved_and_put_back(string columns, string values, string key)
    {
        var rig = new RowsRig(postgres);
        await rig.ExecuteAsync("CREATE EXTENSION IF NOT EXISTS citext");
        var token = Fernet.Seal(rig.Old, "text");
        await rig.ExecuteAsync(
            $"CREATE TABLE {rig.Table.Name} ({columns}, email text, PRIMARY KEY ({key})); INSERT INTO {rig.Table.Name} SELECT {values}, "
                + $"'{token}' FROM generate_series(1, 230) n");
        rig.FirstTable["keyColumns"] = new JsonArray([.. key.Split(", ").Select(name => (JsonNode)name)]);
        await ThereAndBackAsync(rig, 230, token);
    }

    [Fact]
    public async Task Lanes_part_a_large_table_by_a_key_of_several_columns()
    {
        var rig = new RowsRig(postgres);
        await rig.ExecuteAsync(
            $"CREATE TABLE {rig.Table.Name} (tenant int, id bigint, email text, PRIMARY KEY (tenant, id)); INSERT INTO {rig.Table.Name} "
                + $"SELECT n % 3, n, '{Fernet.Seal(rig.Old, "text")}' FROM generate_series(1, 21000) n; ANALYZE {rig.Table.Name}");
        rig.FirstTable["keyColumns"] = new JsonArray("tenant", "id");
        rig.Settings["batch"] = 500;
        Assert.True((await rig.BackupAsync()).Succeeded);
        Assert.Equal("21000", (await rig.MigrateAsync()).Facts!["moved"]);
        Assert.Equal(24, await rig.ScalarAsync<long>(
            $"SELECT count(*) FROM rotunda.lanes WHERE pass = 'migrate' AND rotation = '{rig.Call().RotationId}' AND rows BETWEEN 700 AND "
                + "1050"));
        var plan = await rig.ScalarAsync<string>(
            $"SELECT string_agg(indexrelname, ',') FROM pg_stat_user_indexes WHERE relid = '{rig.Table.Name}'::regclass AND idx_scan > 40");
        Assert.Equal($"{rig.Table.Name.Split('.')[1]}_pkey", plan);
    }

    [Fact]
    public async Task The_order_of_the_columns_is_the_indexs()
    {
        var rig = new RowsRig(postgres);
        await rig.ExecuteAsync($"CREATE TABLE {rig.Table.Name} (tenant int, id bigint, email text, PRIMARY KEY (tenant, id))");
        rig.FirstTable["keyColumns"] = new JsonArray("id", "tenant");
        Assert.Contains("Write keyColumns: [tenant, id]", (await rig.PreflightAsync()).Reason, StringComparison.Ordinal);
        rig.FirstTable["keyColumns"] = new JsonArray("tenant", "id");
        rig.FirstTable["skip"] = new JsonArray("7");
        Assert.Contains("'skip' of", (await rig.PreflightAsync()).Reason, StringComparison.Ordinal);
        rig.FirstTable["skip"] = new JsonArray("[\"1\", \"7\"]");
        Assert.True((await rig.PreflightAsync()).Succeeded);
    }

    [Fact]
    public async Task A_table_parted_by_another_column_than_its_key_is_told_how_and_then_moved()
    {
        var rig = new RowsRig(postgres);
        var token = Fernet.Seal(rig.Old, "text");
        await rig.ExecuteAsync($"""
            CREATE TABLE {rig.Table.Name} (id bigint, made date, email text) PARTITION BY RANGE (made);
            CREATE TABLE {rig.Table.Name}_1 PARTITION OF {rig.Table.Name} FOR VALUES FROM ('2026-01-01') TO ('2026-07-01');
            CREATE TABLE {rig.Table.Name}_2 PARTITION OF {rig.Table.Name} FOR VALUES FROM ('2026-07-01') TO ('2027-01-01');
            INSERT INTO {rig.Table.Name} SELECT n, DATE '2026-01-01' + (n % 300)::int, '{token}' FROM generate_series(1, 400) n;
            """);
        var reason = (await rig.PreflightAsync()).Reason!;
        Assert.Contains("write keyColumns: [id, made]", reason, StringComparison.Ordinal);
        var from = reason.IndexOf("ALTER TABLE", StringComparison.Ordinal);
        foreach (var statement in reason[from..reason.IndexOf(" (writers", StringComparison.Ordinal)].Split("; "))
        {
            await rig.ExecuteAsync(statement);
        }

        rig.FirstTable["keyColumns"] = new JsonArray("id", "made");
        await ThereAndBackAsync(rig, 400, token);
    }

    [Theory]
    [InlineData("citext", "text")]
    [InlineData("{0}_sealed", "text")]
    [InlineData("{0}_of_sealed", "text")]
    [InlineData("{0}_raw", "bytea")]
    public async Task Types_over_text_and_bytes_are_moved(string type, string plain)
    {
        var rig = new RowsRig(postgres);
        var name = rig.Table.Name;
        await rig.ExecuteAsync($"""
            CREATE EXTENSION IF NOT EXISTS citext;
            CREATE DOMAIN {name}_sealed AS varchar(200) CHECK (value LIKE 'gAAAA%');
            CREATE DOMAIN {name}_of_sealed AS {name}_sealed NOT NULL;
            CREATE DOMAIN {name}_raw AS bytea CHECK (length(value) > 10);
            CREATE TABLE {name} (id bigint PRIMARY KEY, email {string.Format(null, type, name)});
            """);
        var token = Fernet.Seal(rig.Old, "text");
        var value = plain == "bytea" ? $"convert_to('{token}', 'UTF8')" : $"'{token}'";
        await rig.ExecuteAsync($"INSERT INTO {name} SELECT n, {value} FROM generate_series(1, 120) n");
        await ThereAndBackAsync(rig, 120, token, plain == "bytea" ? "convert_from(email, 'UTF8')" : "email::text");
    }

    [Fact]
    public async Task A_change_of_case_alone_in_a_citext_is_a_change()
    {
        var rig = new RowsRig(postgres);
        await rig.ExecuteAsync(
            $"CREATE EXTENSION IF NOT EXISTS citext; CREATE TABLE {rig.Table.Name} (id bigint PRIMARY KEY, email citext); INSERT INTO "
                + $"{rig.Table.Name} SELECT n, '{Fernet.Seal(rig.Old, "text")}' FROM generate_series(1, 5) n");
        var name = postgres.NewName("upper");
        await rig.ExecuteAsync(
            $"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN NEW.email := upper(NEW.email::text); RETURN NEW; END "
                + $"$f$; CREATE TRIGGER {name} BEFORE UPDATE ON {rig.Table.Name} FOR EACH ROW EXECUTE FUNCTION {name}()");
        Assert.Contains($"triggers {name} changes it", (await rig.PreflightAsync()).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fernet")]
    [InlineData("aes-256-gcm")]
    public async Task What_stands_before_each_token_stays(string format)
    {
        var rig = new RowsRig(postgres);
        rig.FirstTable["prefix"] = "enc:v1:";
        rig.Settings["format"] = format;
        string Seal(string key, string text) => format == "fernet" ? Fernet.Seal(key, text) : SealAes(key, text);
        string? Open(string key, string sealedText) =>
            format == "fernet" ? Fernet.Open(key, sealedText) : OpenAes(key, sealedText);
        (rig.Old, rig.New) = format == "fernet" ? (rig.Old, rig.New) : (NewAesKey(), NewAesKey());
        var token = "enc:v1:" + Seal(rig.Old, "text");
        await rig.ExecuteAsync(
            $"CREATE TABLE {rig.Table.Name} (id bigint PRIMARY KEY, email text); INSERT INTO {rig.Table.Name} SELECT n, '{token}' FROM "
                + "generate_series(1, 60) n");
        foreach (var step in new[]
        {
            await rig.PreflightAsync(),
            await rig.RehearseAsync(),
            await rig.BackupAsync(),
            await rig.MigrateAsync(),
        })
        {
            Assert.True(step.Succeeded, step.Reason);
        }

        Assert.Equal("1", (await rig.VerifyAsync()).Facts!["rounds"]);
        var moved = (await rig.Table.TokensAsync()).Values;
        Assert.All(moved, text => Assert.StartsWith("enc:v1:", text, StringComparison.Ordinal));
        Assert.All(moved, text => Assert.Equal("text", Open(rig.New, text["enc:v1:".Length..])));
        await rig.ExecuteAsync($"UPDATE {rig.Table.Name} SET email = 'enc:v1:{Seal(rig.New, "later")}' WHERE id = 3");
        Assert.True((await rig.RestoreAsync()).Succeeded);
        var back = await rig.Table.TokensAsync();
        Assert.Equal(59, back.Values.Count(text => text == token));
        Assert.Equal("later", Open(rig.Old, back[3]["enc:v1:".Length..]));

        rig.FirstTable.Remove("prefix");
        Assert.Contains("give it as 'prefix'", (await rig.PreflightAsync()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_that_were_never_encrypted_are_counted_right_listed_and_left_where_the_policy_says_so()
    {
        using var folder = new TempFolder();
        var rig = await new RowsRig(postgres).WithRowsAsync(2500);
        rig.Settings["listTo"] = folder.File("lists");
        rig.Settings["batch"] = 500;
        await rig.ExecuteAsync($"""
            UPDATE {rig.Table.Name} SET email = '' WHERE id <= 300;
            UPDATE {rig.Table.Name} SET email = 'plain' || id WHERE id BETWEEN 301 AND 2000;
            """);
        foreach (var slice in new[] { TimeSpan.Zero, RowsRig.Long })
        {
            var refused = await rig.RehearseAsync(slice);
            Assert.Equal(StepOutcomeKind.Rejected, refused.Kind);
            Assert.StartsWith("No key opens 2000 of 2500 rows, by their keys:", refused.Reason, StringComparison.Ordinal);
            Assert.Contains(" and 1980 more. 300 of them hold nothing but empty values", refused.Reason, StringComparison.Ordinal);
            var lines = await File.ReadAllLinesAsync(refused.Facts!["list"], TestContext.Current.CancellationToken);
            Assert.Equal(2000, lines.Distinct().Count());
            Assert.Equal((2000, 300), (lines.Length, lines.Count(line => line.Split('\t')[1] == "empty")));
            Assert.DoesNotContain(lines, line => line.Contains("plain", StringComparison.Ordinal));
        }

        rig.FirstTable["empty"] = "keep";
        Assert.StartsWith("No key opens 1700 of 2500 rows", (await rig.RehearseAsync()).Reason, StringComparison.Ordinal);
        rig.FirstTable["skipWhere"] = "email LIKE 'plain%' -- old rows";
        var rehearsed = await rig.RehearseAsync();
        Assert.Equal(("800", "1700", "300"), (rehearsed.Facts!["rows"], rehearsed.Facts["skipped"], rehearsed.Facts["empty"]));
        var preflight = await rig.PreflightAsync();
        Assert.Equal($"{rig.Table.Name} 800 (1700 left as they are)", preflight.Facts!["tables"]);
        foreach (var step in new[] { await rig.BackupAsync(), await rig.MigrateAsync(), await rig.VerifyAsync() })
        {
            Assert.True(step.Succeeded, step.Reason);
        }

        var after = await rig.Table.TokensAsync();
        Assert.Equal(500, after.Values.Count(text => Fernet.Open(rig.New, text is "" or ['p', ..] ? "AAAA" : text) is not null));
        Assert.Equal(("", "plain1999"), (after[1], after[1999]));
    }

    [Theory]
    [InlineData("skipWhere", "id < 4")]
    [InlineData("skip", "2")]
    public async Task Rows_that_would_be_lost_with_the_old_key_may_not_be_left_out(string setting, string value)
    {
        var rig = await new RowsRig(postgres).WithRowsAsync(50);
        rig.FirstTable[setting] = setting == "skip" ? new JsonArray(value) : value;
        var outcome = await rig.RehearseAsync();
        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Contains("hold what a key opens, by their keys", outcome.Reason, StringComparison.Ordinal);
        Assert.Contains("2", outcome.Facts!["lostRows"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("emial = ''")]
    [InlineData("true); DROP TABLE pg_class; --")]
    [InlineData("sum(id) > 5")]
    public async Task A_condition_that_the_server_does_not_take_is_told_by_the_preflight(string condition)
    {
        var rig = await new RowsRig(postgres).WithRowsAsync(5);
        rig.FirstTable["skipWhere"] = condition;
        Assert.StartsWith(
            $"The server does not take 'skipWhere' of {rig.Table.Name}",
            (await rig.PreflightAsync()).Reason,
            StringComparison.Ordinal);
    }

    private static string NewAesKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static string SealAes(string key, string text)
    {
        using var aes = AesGcmKey.TryParse(Encoding.UTF8.GetBytes(key))!;
        return Encoding.UTF8.GetString(
            aes.Seal(Encoding.UTF8.GetBytes(text), Base64Ways.Standard, RandomNumberGenerator.GetBytes(AesGcmKey.NonceLength)));
    }

    private static string? OpenAes(string key, string sealedText)
    {
        using var aes = AesGcmKey.TryParse(Encoding.UTF8.GetBytes(key))!;
        var plain = new byte[sealedText.Length];
        var length = aes.Open(Encoding.UTF8.GetBytes(sealedText), isText: true, plain, out _);
        return length < 0 ? null : Encoding.UTF8.GetString(plain.AsSpan(0, length));
    }

    private static async Task ThereAndBackAsync(RowsRig rig, int rows, string token, string read = "email::text")
    {
        foreach (var step in new[]
        {
            await rig.PreflightAsync(),
            await rig.RehearseAsync(),
            await rig.BackupAsync(),
            await rig.MigrateAsync(),
            await rig.VerifyAsync(),
        })
        {
            Assert.True(step.Succeeded, step.Reason);
            Assert.Equal($"{rows}", step.Facts!.GetValueOrDefault(StepFacts.Rows, $"{rows}"));
        }

        var moved = (await rig.ScalarAsync<string[]>($"SELECT array_agg({read}) FROM {rig.Table.Name}"))!;
        Assert.Equal((rows, rows), (moved.Length, moved.Count(text => Fernet.Open(rig.New, text) == "text")));
        Assert.True((await rig.RestoreAsync()).Succeeded);
        Assert.Equal(rows, await rig.ScalarAsync<long>($"SELECT count(*) FROM {rig.Table.Name} WHERE {read} = '{token}'"));
        Assert.True((await rig.DropAsync()).Succeeded);
    }
}
