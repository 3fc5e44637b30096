using System.Diagnostics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Rotunda.Providers.Delivery;
using Rotunda.Providers.EnvFiles;

namespace Rotunda.Activities.Tests.Providers;

public sealed class EnvFileTextTests
{
    private static readonly string[] Fragments =
    [
        "KEY=old", "KEY='old'", "KEY=\"old\"", "export KEY=old # why", "  KEY = old", "KEY: old", "KEY=", "KEY", "KEY= # none",
        "KEY='two\nlines'", "KEY=\"esc\\\"aped\"",
        "OTHER=1", "OTHER='KEY=inner\nKEY=inner'", "# KEY=comment", "", "   ", "\t", "garbage 'unclosed", "A=\"unclosed", "B='x' # 'y'",
        "C=a\\", "D=ünï", "KEY2=x", "\r", "KEY=it's",
    ];

    /// <summary>A lone carriage return at the very end is left out: a line appended to it makes it half of a line's end, which
    /// cannot be told apart later.</summary>
    private static Arbitrary<string> Files() =>
        Gen.Elements(Fragments).ListOf().SelectMany(lines => Gen.Elements("\n", "\r\n")
            .Select(end => string.Join(end, lines))).Where(text => !text.EndsWith('\r')).ToArbitrary();

    private static Arbitrary<string> Values() =>
        Gen.Choose(0x20, 0x7e).Select(number => (char)number).ListOf().Select(characters => string.Concat(characters)).ToArbitrary();

    [Fact]
    public void What_is_parsed_is_rendered_byte_by_byte() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
            bytes.Contains((byte)0) || EnvFileText.Parse(bytes).ToBytes().AsSpan().SequenceEqual(bytes)));

    [Fact]
    public void Files_are_rendered_byte_by_byte() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(500),
            Prop.ForAll(Files(), text => Text(EnvFileText.Parse(Encoding.UTF8.GetBytes(text))) == text));

    [Fact]
    public void Setting_keeps_everything_but_the_key() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Files(), Values(), (text, value) =>
        {
            var file = EnvFileText.Parse(Encoding.UTF8.GetBytes(text));
            if (!TrySet(file, value))
            {
                return true;
            }

            // Taken out of both, what is left is the same.
            var before = EnvFileText.Parse(Encoding.UTF8.GetBytes(text));
            var after = EnvFileText.Parse(file.ToBytes());
            before.Restore("KEY", []);
            after.Restore("KEY", []);
            return Text(before) == Text(after);
        }));

    [Fact]
    public void Setting_twice_is_setting_once_and_restoring_undoes_it() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Files(), Values(), (text, value) =>
        {
            var file = EnvFileText.Parse(Encoding.UTF8.GetBytes(text));
            var lines = file.Lines("KEY");
            if (!TrySet(file, value))
            {
                return true;
            }

            var once = Text(file);
            file = EnvFileText.Parse(file.ToBytes());
            file.Set("KEY", value);
            var twice = Text(file);
            file.Restore("KEY", lines);
            return once == twice && Text(file) == text;
        }));

    [Theory]
    [InlineData("KEY=old", "KEY=new")]
    [InlineData("KEY=old\n", "KEY=new\n")]
    [InlineData("export KEY=\"old\" # why\r\nB=1\r\n", "export KEY=\"new\" # why\r\nB=1\r\n")]
    [InlineData("KEY='old'\nB=1\nKEY=older", "KEY='new'\nB=1\nKEY=new")]
    [InlineData("B=1", "B=1\nKEY=new")]
    [InlineData("B=1\r\n", "B=1\r\nKEY=new\r\n")]
    [InlineData("", "KEY=new\n")]
    [InlineData("KEY= # none yet", "KEY=new # none yet")]
    [InlineData("B='\nKEY=inner\n'\n", "B='\nKEY=inner\n'\nKEY=new\n")]
    [InlineData("#KEY=old\nKEYS=1\n", "#KEY=old\nKEYS=1\nKEY=new\n")]
    [InlineData("KEY='two\nlines' # x\nB=1", "KEY='new' # x\nB=1")]
    public void Sets_what_is_there_and_appends_what_is_not(string before, string after)
    {
        var file = EnvFileText.Parse(Encoding.UTF8.GetBytes(before));
        file.Set("KEY", "new");
        Assert.Equal(after, Text(file));
    }

    [Fact]
    public void A_byte_order_mark_stays_and_hides_no_key()
    {
        var file = EnvFileText.Parse([0xEF, 0xBB, 0xBF, .. "A=1\nKEY=old\n"u8]);
        file.Set("KEY", "new");
        Assert.Equal([0xEF, 0xBB, 0xBF, .. "A=1\nKEY=new\n"u8], file.ToBytes());

        // On the first line most readers take it for a part of the name.
        Assert.Contains("on line 1 of", Assert.Throws<DeliveryException>(() => file.Set("A", "new")).Message);
        Assert.Throws<DeliveryException>(() => file.Read("A"));
    }

    [Fact]
    public void An_open_quote_elsewhere_is_refused_and_one_of_the_key_itself_is_closed()
    {
        Assert.Contains(
            "at A",
            Assert.Throws<DeliveryException>(() => EnvFileText.Parse("A=\"open\nKEY=old\n"u8).Set("KEY", "new")).Message);
        var file = EnvFileText.Parse("KEY=\"open\nA=1\n"u8);
        file.Set("KEY", "new");
        Assert.Equal("KEY=\"new\"\nA=1\n", Text(file));
    }

    [Theory]
    [InlineData("line\nbreak")]
    [InlineData("line\rbreak")]
    [InlineData("both ' and \"")]
    [InlineData("quote ' and $dollar")]
    [InlineData("ends with ' and \\")]
    [InlineData("a variable to Python's dotenv, ${IN} single quotes too")]
    public void Refuses_what_readers_read_differently(string value)
    {
        var exception = Assert.Throws<DeliveryException>(() => EnvFileText.Parse([]).Set("KEY", value));
        Assert.DoesNotContain(value, exception.Message);
        Assert.Contains("base64", exception.Message);
    }

    [Fact]
    public async Task A_shell_reads_the_values_that_were_set()
    {
        var (path, expected) = WriteSample();
        var script = $"set -eu; . '{path}'; for k in $KEYS; do eval \"printf '%s\\\\0' \\\"\\${{$k}}\\\"\"; done";
        var start = new ProcessStartInfo("/bin/sh", ["-c", script]) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["KEYS"] = string.Join(' ', expected.Keys);
        Assert.Equal(expected.Values, (await OutputAsync(start)).TrimEnd('\0').Split('\0'));
        File.Delete(path);
    }

    [Fact]
    public async Task Node_reads_the_values_that_were_set()
    {
        var node = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(
            Path.PathSeparator).Select(folder => Path.Combine(folder, "node")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(node is null, "Node is not installed here.");
        var (path, expected) = WriteSample();
        var script =
            $"const e = require('util').parseEnv(require('fs').readFileSync('{path}', 'utf8')); "
                + $"process.stdout.write({System.Text.Json.JsonSerializer.Serialize(expected.Keys)}.map(k => e[k]).join('\\0'))";
        Assert.Equal(
            expected.Values,
            (await OutputAsync(new ProcessStartInfo(
                node!,
                ["-e", script]) { RedirectStandardOutput = true, UseShellExecute = false })).Split('\0'));
        File.Delete(path);
    }

    private static (string Path, Dictionary<string, string> Expected) WriteSample()
    {
        string[] values =
        [
            "plain", "with space", "hash # inside", "#first", "$HOME and $X", "back`tick`", "double \" quote", "single ' quote",
            "back\\slash\\n", "a=b&c", "tab\there", "ünï", "!bang!", "*?[]", "~", "(x)", "semi;colon", "  edges  ", "p@ss:w/rd%2F+,",
        ];
        var file = EnvFileText.Parse("# sample\n"u8);
        var expected = values.Select((value, index) => (Key: "KEY_" + index, value)).ToDictionary(pair => pair.Key, pair => pair.value);
        foreach (var (key, value) in expected)
        {
            file.Set(key, value);
        }

        var path = Path.GetTempFileName();
        File.WriteAllBytes(path, file.ToBytes());
        return (path, expected);
    }

    private static async Task<string> OutputAsync(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output;
    }

    private static bool TrySet(EnvFileText file, string value)
    {
        try
        {
            file.Set("KEY", value);
            return true;
        }
        catch (DeliveryException)
        {
            return false;
        }
    }

    private static string Text(EnvFileText file) => Encoding.UTF8.GetString(file.ToBytes());
}
