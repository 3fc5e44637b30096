using System.Text;
using Rotunda.Leaks.Desk;
using Rotunda.Leaks.Matching;
using Rotunda.Leaks.Reading;
using Rotunda.Rotation.Words;
using Rotunda.Testing.Time;

namespace Rotunda.Api.Tests;

/// <summary>In which forms a value is known again, and how fast.</summary>
public sealed class LeakFormTests
{
    private const string Value = "s3cr3t+Value/with=odd&signs:!";
    private const string Key = "-----BEGIN PRIVATE KEY-----\nMIIBVwIBADANBgkq\n-----END PRIVATE KEY-----\n";

    [Theory]
    [InlineData(Value)]
    [InlineData("  " + Value + "\r\n")]
    [InlineData("\"" + Value + "\"")]
    [InlineData("s3cr3t%2BValue%2Fwith%3Dodd%26signs%3A%21")]
    [InlineData("postgres://orders_a:s3cr3t%2BValue%2Fwith%3Dodd%26signs%3A%21@db.internal:5432/orders?sslmode=require")]
    [InlineData("Host=db;Username=orders;Password=" + Value + ";Database=x")]
    [InlineData("host=db password='" + Value + "' dbname=x")]
    [InlineData("export API_KEY=" + Value)]
    [InlineData("api_key: \"" + Value + "\",")]
    [InlineData("Authorization: Bearer " + Value)]
    [InlineData("user:" + Value)]
    [InlineData("s3cr3t+Value\\/with=odd\\u0026signs:!")]
    public void A_value_is_known_again_as_it_is_written(string found) => Assert.True(IsKnown(found, Value));

    [Fact]
    public void A_value_is_known_again_encoded_and_a_key_without_its_last_line_end()
    {
        Assert.True(IsKnown(Convert.ToBase64String(Encoding.UTF8.GetBytes(Value)), Value));
        Assert.True(IsKnown("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("user:" + Value)), Value));
        Assert.True(IsKnown(Convert.ToBase64String(Encoding.UTF8.GetBytes(Value)).TrimEnd('='), Value));
        Assert.True(IsKnown(Key.TrimEnd(), Key));
        Assert.True(IsKnown(Key.Replace("\n", "\\n", StringComparison.Ordinal), Key));
    }

    [Theory]
    [InlineData("s3cr3t+Value/with=odd&signs:?")]
    [InlineData("s3cr3t+")]
    [InlineData("")]
    [InlineData("%%%%%%%%")]
    [InlineData("\\u\\u\\u\\u\\u")]
    [InlineData("://:@:://:@::::====")]
    public void Another_text_is_not(string found) => Assert.False(IsKnown(found, Value));

    [Fact]
    public void A_text_that_unfolds_without_end_is_looked_at_a_bounded_number_of_times()
    {
        var text = Value;
        for (var times = 0; times < 20; times++)
        {
            text = Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
        }

        using var found = SecretValue.FromText(text);
        using var forms = new ValueForms(found);
        Assert.InRange(forms.All.Count, 1, 24);
    }

    [Fact]
    public void What_is_asked_about_is_counted_by_its_forms_and_a_report_of_too_many_is_answered_and_paid_for()
    {
        using var one = SecretValue.FromText("s3cr3t+Value/with=odd&signs:!");
        using var several = SecretValue.FromText("Password=guess-one-1;pwd=guess-two-2");
        using var small = SecretValue.FromText("short");
        Assert.Equal((1, 1), (ValueForms.CountOf(one), ValueForms.CountOf(small)));
        Assert.InRange(ValueForms.CountOf(several), 3, 24);

        var time = new ManualTimeProvider();
        var limit = new LeakLimit(time);
        Assert.Null(limit.Take("eve", LeakLimit.Burst + 500));
        Assert.Equal(101, limit.Take("eve", 5));
        Assert.Null(limit.Take("ada", 5));
        time.Advance(TimeSpan.FromSeconds(101));
        Assert.Null(limit.Take("eve", 5));
        Assert.NotNull(limit.Take("eve", 5));
    }

    [Fact]
    public void A_report_is_read_as_PowerShell_and_editors_write_it()
    {
        const string Report = "[\r\n{\"RuleID\":\"r\",\"Secret\":\"abcdefghijkl-ü\",\"File\":\"a.env\"}\r\n]\r\n";
        foreach (var encoding in new Encoding[] { new UTF8Encoding(true), Encoding.Unicode, Encoding.BigEndianUnicode })
        {
            var findings = FindingsReader.Read(encoding.GetPreamble().Concat(encoding.GetBytes(Report)).ToArray());
            Assert.Equal("abcdefghijkl-ü", findings.Single().Values.Single().RevealText());
        }

        Assert.True(IsKnown("\uFEFF" + Value + "\r\n", Value));
    }

    [Fact]
    public void The_place_of_a_finding_never_has_a_piece_of_its_value()
    {
        var findings = FindingsReader.Read(Encoding.UTF8.GetBytes(
            """
            [{"RuleID":"r","Secret":"abcdefghijkl","File":"dir/xxABCDEFxx.txt","StartLine":1},
             {"value":"abcdefghijkl","where":"line\u0000 two"}]
            """));

        Assert.Equal(["gitleaks, r, line 1", "line  two"], findings.Select(finding => finding.Where));
        Assert.DoesNotContain("abcdef", findings[0].ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("{", "Line 1")]
    [InlineData("[{\"value\":\"x-x-x-x-x\"},{\"value\":\"x-x-x-x-x\\ud800\"}]", "Finding 2")]
    [InlineData("{\"value\":\"x-x-x-x-x\",\"where\":\"\\udc00\"}", "Finding 1")]
    [InlineData("[1]", "Finding 1")]
    [InlineData("{}", "Finding 1")]
    [InlineData("[{\"value\":\"x-x-x-x-x\"},{\"DetectorName\":\"a\",\"Raw\":\"\"}]", "Finding 2")]
    [InlineData("{\"value\":\"x\"}\n{\"value\":", "Line 2")]
    public void What_is_no_report_is_refused_and_not_repeated(string text, string says)
    {
        var refused = Assert.Throws<FindingsException>(() => FindingsReader.Read(Encoding.UTF8.GetBytes(text)));
        Assert.StartsWith(says, refused.Message, StringComparison.Ordinal);
    }

    private static bool IsKnown(string found, string value)
    {
        using var secret = SecretValue.FromText(value);
        var index = new FingerprintIndex(
        [
            new("other", "ffff", 1, "000000000000"), new("mine", "0123abcd", 7, Fingerprint.Of(secret, "0123abcd")),
            new("mine", "0123abcd", 8, "bad"),
        ]);
        using var text = SecretValue.FromText(found);
        using var forms = new ValueForms(text);
        return forms.All.Any(form => index.Find(form.RevealBytes()).SequenceEqual([("mine", 7L)]));
    }
}
