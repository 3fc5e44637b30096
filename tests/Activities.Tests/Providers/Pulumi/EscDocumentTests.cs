using FsCheck;
using FsCheck.Fluent;
using Rotunda.Providers.Delivery;
using Rotunda.Providers.Targets.PulumiEsc;

namespace Rotunda.Activities.Tests.Providers.Pulumi;

/// <summary>Changes of an environment's definition: one value, and not a character more.</summary>
public sealed class EscDocumentTests
{
    private const string Cipher = "ZXNjeAAAAAEAAAEAbm90IGEgcmVhbCBvbmU=";

    [Theory]
    [InlineData(
        "values:\n  a:\n    fn::secret:\n      ciphertext: " + Cipher + " # why\n  b: 1\n",
        "values:\n  a:\n    fn::secret:\n      \"new\" # why\n  b: 1\n")]
    [InlineData("values:\n  a: { fn::secret: { ciphertext: " + Cipher + " } } # why\n", "values:\n  a: { fn::secret: \"new\" } # why\n")]
    [InlineData("values:\n  a:\n    fn::secret: 'old'\n", "values:\n  a:\n    fn::secret: \"new\"\n")]
    [InlineData("values:\n  a: old # why\n\n  # b's\n  b: 1\n", "values:\n  a: {fn::secret: \"new\"} # why\n\n  # b's\n  b: 1\n")]
    [InlineData("values:\n  a: |\n    old\n    lines\n  b: 1\n", "values:\n  a: {fn::secret: \"new\"}\n  b: 1\n")]
    [InlineData("values:\n  a: # why\n  b: 1\n", "values:\n  a: {fn::secret: \"new\"} # why\n  b: 1\n")]
    [InlineData("values:\n  b: 1 # last\n# end\n", "values:\n  b: 1 # last\n  a:\n    fn::secret: \"new\"\n# end\n")]
    [InlineData("values:\r\n    b: 1", "values:\r\n    b: 1\r\n    a:\r\n      fn::secret: \"new\"")]
    [InlineData("values: {b: 1}\n", "values: {\"a\": {fn::secret: \"new\"}, b: 1}\n")]
    [InlineData("values: {}\n", "values: {\"a\": {fn::secret: \"new\"}}\n")]
    [InlineData("values:\n", "values: {\"a\": {fn::secret: \"new\"}}\n")]
    [InlineData("# mine\nimports:\n- base\n", "# mine\nimports:\n- base\nvalues:\n  a:\n    fn::secret: \"new\"\n")]
    [InlineData("", "values:\n  a:\n    fn::secret: \"new\"\n")]
    [InlineData("values:\n  # b's\n  b: |+\n    text\n\n", "values:\n  # b's\n  a:\n    fn::secret: \"new\"\n  b: |+\n    text\n\n")]
    public void Only_the_value_is_changed(string before, string after) =>
        Assert.Equal(after, EscDocument.Parse(before).WithSecret(Path("a"), "new").Text);

    [Theory]
    [InlineData("environmentVariables.API_KEY")]
    [InlineData("pulumiConfig[\"app:key\"]")]
    [InlineData("servers[1].key")]
    [InlineData("\"x\"")]
    [InlineData("deep.a.b[\"c.d\"].e")]
    public void What_is_put_somewhere_is_found_there_and_can_be_taken_away(string path)
    {
        const string text =
            "imports: [base] # first\nvalues:\n  servers:\n    - key: 1\n    - name: two # second\n  pulumiConfig:\n    # of the app\n    "
                + "app:name: shop\n  environmentVariables:\n    OTHER: ${servers[0].key}\n";
        var document = EscDocument.Parse(text);
        var changed = document.WithSecret(Path(path), "käse\n\"quoted\" \\ 🔑");

        Assert.Equal("käse\n\"quoted\" \\ 🔑", changed.At(Path(path))!.Secret!.Value);
        Assert.Equal(text, changed.Without(Path(path), document.DepthOf(Path(path))).Text);
    }

    [Theory]
    [InlineData("values:\n  a: &x old\n  b: *x\n")]
    [InlineData("values:\n  a: !!str old\n")]
    [InlineData("values:\n  a: *x\n  c: &x 1\n")]
    [InlineData("values:\n  a:\n    fn::open::aws-login: {}\n")]
    [InlineData("values:\n  a: [1]\n")]
    [InlineData("values: text\n")]
    [InlineData("values: [1]\n")]
    [InlineData("a: 1\n---\nb: 2\n")]
    [InlineData("values:\n  a: \"open\n")]
    public void What_cannot_be_changed_safely_is_refused_without_quoting_it(string text)
    {
        var problem = Assert.Throws<EscDocumentException>(() => EscDocument.Parse(text).WithSecret(Path("a"), "new-value"));
        Assert.DoesNotContain("new-value", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("old", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reference_of_ESC_is_no_value() =>
        Assert.Contains(
            "{value:base64}",
            Assert.Throws<EscDocumentException>(() => EscDocument.Parse("values: {}").WithSecret(Path("a"), "x${y}")).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData("a.")]
    [InlineData("a[")]
    [InlineData("a[x]")]
    [InlineData("a[\"x]")]
    [InlineData("a]b[0]c")]
    public void What_is_no_path_is_none(string text) => Assert.Null(ValuePath.TryParse(text));

    [Fact]
    public void Whatever_the_document_every_other_character_stays() =>
        Prop.ForAll(Documents(), ArbMap.Default.ArbFor<NonNull<string>>(), (document, value) =>
        {
            var text = new string([.. value.Get.Where(symbol => symbol != '\0' && !char.IsSurrogate(symbol))]).Replace(
                "${",
                "$",
                StringComparison.Ordinal);
            var before = EscDocument.Parse(document.Text);
            var path = Path(document.Path);
            var after = before.WithSecret(path, text);

            // One place was cut out of the text, and one put in: what is around both is the same.
            var standing = before.At(path);
            var start = before.Text.Zip(after.Text).TakeWhile(pair => pair.First == pair.Second).Count();
            var cutEnd = Math.Max(
                start,
                before.Text.Length - before.Text.Reverse().Zip(after.Text.Reverse()).TakeWhile(pair => pair.First == pair.Second).Count());
            Assert.True(
                standing is null ? start == cutEnd : start >= standing.Start && cutEnd <= Math.Max(start, standing.End),
                $"{start}..{cutEnd}");
            Assert.Equal(text, after.At(path)!.Secret!.Value);
            if (standing is null)
            {
                Assert.Equal(before.Text, after.Without(path, before.DepthOf(path)).Text);
                return;
            }

            // And back again: what stood there, in its own place.
            var back = standing.IsBlockScalar
                ? after.WithNode(path, before, standing, isVerbatim: false)
                : after.WithNode(path, before, standing, isVerbatim: true);
            Assert.Equal(standing.Leaves(), back.At(path)!.Leaves());
            Assert.True(standing.IsBlockScalar || back.Text == before.Text, back.Text);
        }).QuickCheckThrowOnFailure();

    private static Arbitrary<(string Text, string Path)> Documents()
    {
        string[] names = ["a", "b", "KEY", "with space", "app:key", "true", "ü"];
        string[] scalars =
        [
            "1", "plain text", "'quoted # not a comment'", "\"double\\n\"", "${{a.b}}", "", "|\n{0}  block\n{0}  text",
            "{{flow: 1, list: [1, 2]}}", "[]", $"{{{{fn::secret: {{{{ciphertext: {Cipher}}}}}}}}}",
        ];
        var gen =
            from newline in Gen.Elements("\n", "\r\n")
            from count in Gen.Choose(1, 5)
            from keys in Gen.Shuffle(names).Select(all => all.Take(count).ToList())
            from values in Gen.ListOf(Gen.Elements(scalars), count)
            from comments in Gen.ListOf(Gen.Elements("", "# comment\n", "\n", "    # odd comment\n\n"), count)
            from nested in Gen.Elements(false, true)
            from target in Gen.Elements(names)
            let indent = nested ? "    " : "  "
            let lines = keys.Zip(values, comments).Select(line => Entry(indent, line.First, line.Second, line.Third))
            let text = $"# head\nimports:\n- base # why\nvalues:\n{(nested ? "  # inner\n  deep:\n" : "")}{string.Concat(lines)}# foot\n"
            where keys.Zip(values)
                .All(pair => pair.First != target
                    || (pair.Second.Length > 0 && !pair.Second.StartsWith("{{flow", StringComparison.Ordinal) && pair.Second != "[]"))
            select (text.Replace("\n", newline, StringComparison.Ordinal), $"{(nested ? "deep" : "")}[\"{target}\"]");
        return gen.ToArbitrary();
    }

    /// <summary>A key and its value, after a comment or an empty line if there is one.</summary>
    private static string Entry(string indent, string key, string scalar, string before)
    {
        var beforeIndent = before.StartsWith('#') ? indent : "";
        var shownKey = key is "with space" or "true" ? $"\"{key}\"" : key;
        var comment = scalar.StartsWith('|') ? "" : " # of it";
        return $"{beforeIndent}{before}{indent}{shownKey}: {string.Format(scalar, indent)}{comment}\n";
    }

    private static ValuePath Path(string text) => ValuePath.TryParse(text)!;
}
