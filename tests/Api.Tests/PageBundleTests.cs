using System.Text;
using Rotunda.Api.Page;

namespace Rotunda.Api.Tests;

/// <summary>The page's modules come as one. That it works is shown by every test of the page.</summary>
public sealed class PageBundleTests
{
    [Fact]
    public void Modules_are_in_it_once_and_other_files_stay()
    {
        var files = PageBundle.Of(Files(
            ("app.js", "import { h } from './dom.js';\nh(await import(`./pages/home.js`));"),
            ("dom.js", "export function h() {}\nexport const s = 1;\nconst own = 2;"),
            ("pages/home.js", "import { h, s as made } from '../dom.js';\nexport async function page() { return h(made); }"),
            ("openapi.js", "import { h } from './dom.js';"),
            ("style.css", "a { color: red }")));

        Assert.Equal(["app.js", "openapi.js", "style.css"], files.Keys.Order());
        var bundle = Encoding.UTF8.GetString(files["app.js"]);
        Assert.Equal(2, bundle.Split("use('dom.js');").Length - 1);
        Assert.Equal(1, bundle.Split("'dom.js'()").Length - 1);
        Assert.Contains("const { h, s: made } = use('dom.js');", bundle, StringComparison.Ordinal);
        Assert.Contains("return { h, s };", bundle, StringComparison.Ordinal);
        Assert.Contains("await load(`./pages/home.js`)", bundle, StringComparison.Ordinal);
        Assert.DoesNotContain("export", bundle, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("import * as dom from './dom.js';")]
    [InlineData("import dom from './dom.js';")]
    [InlineData("export { h } from './dom.js';")]
    [InlineData("export default 1;")]
    [InlineData("export let changes = 1;")]
    [InlineData("import('./dom.js').then(() => {});")]
    public void Another_form_is_refused_and_not_sent_wrong(string line)
    {
        var refused = Assert.Throws<FormatException>(() => PageBundle.Of(Files(("app.js", line), ("dom.js", ""))));

        Assert.Contains("app.js", refused.Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, byte[]> Files(params (string Name, string Text)[] files) =>
        files.ToDictionary(file => file.Name, file => Encoding.UTF8.GetBytes(file.Text), StringComparer.Ordinal);
}
