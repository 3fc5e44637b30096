using System.Text;
using System.Text.Json;
using Rotunda.Providers.Delivery;
using Rotunda.Providers.EnvFiles;

namespace Rotunda.Activities.Tests.Providers;

/// <summary>One reader of env files, which reads only what a shell, Node and Python read alike.</summary>
public sealed class EnvReadingTests
{
    private static readonly (string Line, string Value)[] Agreed =
    [
        ("K=abc", "abc"), ("K=abc # note", "abc"), ("K=abc  ", "abc"), ("K=", ""), ("K=a=b", "a=b"), ("K=-x", "-x"), ("  K=v", "v"),
        ("export K=v", "v"), ("K=a*c?d[e]", "a*c?d[e]"), ("K=a!b^c{d}", "a!b^c{d}"), ("K=x~y", "x~y"), ("K=ünï", "ünï"),
        ("K='x y' # c", "x y"), ("K=\"x y\"\t# c", "x y"), ("K='x'\t", "x"), ("K='two\nlines\nof three'", "two\nlines\nof three"),
        ("K=\"two\nlines\"", "two\nlines"), ("K=\"it's\"", "it's"), ("K='say \"hi\"'", "say \"hi\""), ("K='a\\b'", "a\\b"),
        ("K='#x $y `z`'", "#x $y `z`"), ("K=\"a # b\"", "a # b"), ("K='  e '", "  e "),
        ("K=old\nK=new", "new"), ("K=\"tab\tin\"", "tab\tin"),
    ];

    [Fact]
    public void What_all_read_alike_is_read() => Assert.All(
        Agreed,
        sample => Assert.Equal(sample.Value, Encoding.UTF8.GetString(EnvFileText.Parse(Encoding.UTF8.GetBytes(sample.Line)).Read("K")!)));

    [Theory]
    [InlineData("sh")]
    [InlineData("node")]
    [InlineData("/usr/bin/python3")]
    public async Task The_real_readers_read_it_so(string reader)
    {
        var path = Path.GetTempFileName();
        var lines = Agreed.Select((sample, index) => sample.Line.Replace("K=", $"K{index}="));
        await File.WriteAllTextAsync(path, string.Join('\n', lines) + "\n");
        var names = Enumerable.Range(0, Agreed.Length).Select(index => $"K{index}").ToList();
        string[] script = reader switch
        {
            "sh" => ["-c", $". {path}; for k in {string.Join(' ', names)}; do eval \"printf '%s\\\\0' \\\"\\$$k\\\"\"; done"],
            "node" => ["-e", $"const e=require('util').parseEnv(require('fs').readFileSync('{path}','utf8'));"
                + $"process.stdout.write({JsonSerializer.Serialize(names)}.map(k=>e[k]+'\\0').join(''))"],
            _ => ["-c", $"import dotenv,sys\ne=dotenv.dotenv_values('{path}')\nfor k in {JsonSerializer.Serialize(names)}: "
                + "sys.stdout.buffer.write((e[k]+'\\0').encode())"],
        };
        var output = await Commands.OutputAsync(reader, script);
        File.Delete(path);
        Assert.SkipWhen(output is null, $"needs {reader} with a reader of env files");
        Assert.Equal(Agreed.Select(sample => sample.Value), output!.TrimEnd('\0').Split('\0').Take(Agreed.Length));
    }

    [Theory]
    [InlineData("K=abc\t# note")]
    [InlineData("K=\"a\\tb\"")]
    [InlineData("K=`a`")]
    [InlineData("K: v")]
    [InlineData("K = v")]
    [InlineData("export\tK=v")]
    [InlineData("K=   # none")]
    [InlineData("K=a b")]
    [InlineData("K=a#b")]
    [InlineData("K=a'b'")]
    [InlineData("K='a'b")]
    [InlineData("K='a\\\\b'")]
    [InlineData("K=\"$HOME\"")]
    [InlineData("K=~/x")]
    [InlineData("export K=a*")]
    [InlineData("K='two\r\nlines'")]
    [InlineData("K='open")]
    [InlineData("K=a\\b")]
    public void Where_readers_disagree_it_refuses_and_says_which_line(string line)
    {
        var file = EnvFileText.Parse(Encoding.UTF8.GetBytes("A='1\n2'\n# c\n" + line + "\n"));
        var refusal = Assert.Throws<DeliveryException>(() => file.Read("K"));
        Assert.Contains("K on line 4 of the file", refusal.Message);
    }

    [Theory]
    [InlineData("K=old\t# note", "K='new'\t# note")]
    [InlineData("K=old # note", "K=new # note")]
    public void What_is_written_is_read_back(string before, string after)
    {
        var file = EnvFileText.Parse(Encoding.UTF8.GetBytes(before));
        file.Set("K", "new");
        Assert.Equal((after, "new"), (Encoding.UTF8.GetString(file.ToBytes()), Encoding.UTF8.GetString(file.Read("K")!)));
    }

    [Theory]
    [InlineData("K: v")]
    [InlineData("K = v")]
    [InlineData("export\tK=v")]
    public void A_target_refuses_a_line_that_not_every_reader_finds(string line)
    {
        var file = EnvFileText.Parse(Encoding.UTF8.GetBytes("A=1\n" + line));
        Assert.Contains("line 2", Assert.Throws<DeliveryException>(() => file.Set("K", "new")).Message);
        Assert.Contains("line 2", Assert.Throws<DeliveryException>(() => file.RequireHeads(["K"])).Message);
        file.Set("B", "new");
    }
}
