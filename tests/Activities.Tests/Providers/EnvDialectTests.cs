using System.Text;
using Rotunda.EnvFiles;
using Rotunda.Providers.Delivery;
using Rotunda.Providers.EnvFiles;

namespace Rotunda.Activities.Tests.Providers;

/// <summary>What is written for a reader of env files is what the real reader reads.</summary>
public sealed class EnvDialectTests
{
    private const string Odd = " '\"`\\$#{}(&~=:a\t";

    public static TheoryData<string, string> Readers =>
        new(EnvReaders.All.Select(one => new TheoryDataRow<string, string>(one.Dialect, one.Reader)));

    private static IReadOnlyList<char> Printable { get; } = [.. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code)];

    [Theory]
    [MemberData(nameof(Readers))]
    public async Task Every_printable_character_is_read_back(string dialect, string reader)
    {
        var values = Printable.SelectMany(one => new[] { $"a{one}b", $"{one}b", $"a{one}", $"a{one}{one}b" })
            .Concat(Odd.SelectMany(one => Odd.Select(other => $"{one}{other}x{other}")))
            .Distinct(StringComparer.Ordinal)
            .ToList();
        var (lines, expected) = (new StringBuilder(), new Dictionary<string, string>(StringComparer.Ordinal));
        foreach (var (index, value) in values.Index())
        {
            if (EnvAssignment.New($"K{index}", value, EnvDialects.Of([dialect])).Line is { } line)
            {
                lines.Append(line).Append('\n');
                expected.Add($"K{index}", value);
            }
        }

        await ReadsAsync(reader, lines.ToString(), expected);
    }

    /// <summary>Whatever stands there: what is taken for the value is what the real reader takes.</summary>
    [Theory]
    [MemberData(nameof(Readers))]
    public async Task What_a_reader_reads_is_known(string dialect, string reader)
    {
        var random = new Random(20261127);
        var (lines, expected) = (new StringBuilder(), new Dictionary<string, string>(StringComparer.Ordinal));
        string[] pieces =
        [
            "'", "\"", "`", "\\", "$", " ", "#", " # c", "a", "{x}", "\t", "''", "\\'", "\\\"", "n", "=", "!", "~", "(", "é",
        ];
        for (var index = 0; index < 400; index++)
        {
            var raw = (index % 5 == 0 ? "export " : "") + $"K{index}=" + string.Concat(random.GetItems(pieces, random.Next(7)));
            if (EnvAssignment.Read(raw, EnvDialects.Of([dialect])).Value is { } value)
            {
                lines.Append(raw).Append('\n');
                expected.Add($"K{index}", value);
            }
        }

        await ReadsAsync(reader, lines.ToString(), expected);
    }

    [Fact]
    public void Whoever_reads_it_alone_can_be_given_every_printable_character()
    {
        foreach (var dialect in EnvDialects.Names)
        {
            Assert.All(Printable, one => Assert.Null(EnvAssignment.New("K", $"a{one}b", EnvDialects.Of([dialect])).Problem));
        }
    }

    [Fact]
    public void What_is_written_once_stays_as_it_is()
    {
        foreach (var dialect in EnvDialects.Names.Select(name => EnvDialects.Of([name])).Append(EnvDialects.Default))
        {
            foreach (var start in new[] { "K=old", "K='old'", "K=\"old\"", "K=" })
            {
                foreach (var value in Odd.SelectMany(one => Odd.Select(other => $"{one}{other}x{other}")))
                {
                    if (EnvAssignment.With(start, value, dialect).Line is { } line)
                    {
                        Assert.Equal(line, EnvAssignment.With(line, value, dialect).Line);
                    }
                }
            }
        }
    }

    [Theory]
    // A line without quotes stays so where it can, and only there.
    [InlineData("docker-env", "K=old", "p'q\"$x # y ", "K=p'q\"$x # y ")]
    [InlineData("shell", "K=old", "a!b{c}", "K=a!b{c}")]
    [InlineData("shell", "K=old # note", "a b", "K='a b' # note")]
    [InlineData("shell", "K=\"old\"", "it's $x", "K=\"it's \\$x\"")]
    [InlineData("shell", "K='old' # note", "it's \"$x\"", "K='it'\\''s \"$x\"' # note")]
    [InlineData("shell", "K='it'\\''s' # note", "new", "K='new' # note")]
    [InlineData("systemd", "K=old", "a b$c", "K=a b$c")]
    [InlineData("systemd", "K=old # note", "new", "K=new")]
    [InlineData("compose", "K=old", "a$b", "K=a$$b")]
    [InlineData("compose", "K='old'", "it's", "K='it\\'s'")]
    [InlineData("dotenv", "K=old", "a \"b\" 'c'", "K=a \"b\" 'c'")]
    [InlineData("dotenv-expand", "K='old'", "pa$word", "K='pa\\$word'")]
    [InlineData("python-dotenv", "K='old'", "a\\\\b'c", "K='a\\\\\\\\b\\'c'")]
    [InlineData("shell,compose,dotenv,systemd,python-dotenv", "K=old", "a b", "K='a b'")]
    [InlineData("docker-env,shell,dotenv", "K='old'", "new", "K=new")]
    public void Each_dialect_has_its_way(string dialects, string before, string value, string after) =>
        Assert.Equal(after, Set(dialects, before, value));

    [Theory]
    [InlineData("docker-env,shell", "K=old", "a b", "K cannot be written so that docker run --env-file and a shell read the same")]
    [InlineData("dotenv,dotenv-expand", "K=old", "a$b", "a $ may begin a variable")]
    [InlineData("python-dotenv", "K=old", "a${b}", "takes ${…} for a variable")]
    [InlineData("systemd,shell", "K=old # note", "new", "systemd takes the comment behind the value for a part of it")]
    [InlineData("systemd", "export K=old", "new", "takes no 'export'")]
    [InlineData("docker-env", "export K=old", "new", "takes no 'export'")]
    [InlineData("docker-env,dotenv", "A='1\n2'\nK=old", "new", "The value of A goes over several lines")]
    [InlineData("shell", "K=old\r\n", "new", "line break of Windows")]
    public void What_not_all_read_alike_is_refused(string dialects, string before, string value, string problem)
    {
        var refusal = Assert.Throws<DeliveryException>(() => Set(dialects, before, value));
        Assert.Contains(problem, refusal.Message);
        Assert.DoesNotContain(value == "new" ? "old" : value, refusal.Message);
    }

    /// <summary>To docker run a quote is a character like any other, so none is ever left open.</summary>
    [Fact]
    public void Quotes_mean_nothing_to_docker_run() => Assert.Equal(
        "A=it's\nB=\"open\nK=new\n",
        Set("docker-env", "A=it's\nB=\"open\nK='old'\n", "new"));

    private static string Set(string dialects, string before, string value)
    {
        var file = EnvFileText.Parse(Encoding.UTF8.GetBytes(before), EnvDialects.Of(dialects.Split(',')));
        file.RequireClosedQuotes();
        file.Set("K", value);
        return Encoding.UTF8.GetString(file.ToBytes());
    }

    private static async Task ReadsAsync(string reader, string lines, Dictionary<string, string> expected)
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, lines);
            var read = await EnvReaders.ReadAsync(reader, path);
            Assert.SkipWhen(read is null, $"needs {reader} (docs/testing.md)");
            Assert.NotEmpty(expected);
            Assert.All(expected, pair => Assert.Equal((pair.Key, pair.Value), (pair.Key, read.GetValueOrDefault(pair.Key))));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
