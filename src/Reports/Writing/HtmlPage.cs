using System.Text;

namespace Rotunda.Reports.Writing;

/// <summary>A page of HTML that stands alone: no scripts, nothing from another host, and it prints well.</summary>
internal sealed class HtmlPage
{
    private const string Style = """
        body{font:14px/1.45 system-ui,sans-serif;color:#1b1b1b;background:#fff;max-width:75rem;margin:2rem auto;padding:0 1rem}
        h1{font-size:1.6rem;margin:0 0 .25rem}h2{font-size:1.15rem;margin:2rem 0 .5rem;break-after:avoid}
        p.lead{color:#555;margin:.25rem 0 1rem}table{border-collapse:collapse;width:100%;margin:.5rem 0}
        th,td{border:1px solid #ccc;padding:.3rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
        th{background:#f2f2f2}thead{display:table-header-group}tr{break-inside:avoid}
        .bad{background:#fde8e6}code{font:12px ui-monospace,monospace}
        @media print{body{margin:0;max-width:none;font-size:10pt}@page{margin:15mm}}
        """;

    private readonly StringBuilder _text = new();

    public HtmlPage(string title, string lead) => _text.Append(
        $"<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{Texts.Html(title)}</title>\n"
            + $"<style>\n{Style}\n</style>\n</head>\n<body>\n<h1>{Texts.Html(title)}</h1>\n<p class=\"lead\">{Texts.Html(lead)}</p>\n");

    public HtmlPage Section(string title)
    {
        _text.Append($"<h2>{Texts.Html(title)}</h2>\n");
        return this;
    }

    public HtmlPage Say(string text)
    {
        _text.Append($"<p>{Texts.Html(text)}</p>\n");
        return this;
    }

    /// <param name="isBad">Whether a row is to stand out.</param>
    public HtmlPage Table(IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<string?>> rows, Func<int, bool>? isBad = null)
    {
        _text.Append("<table>\n<thead><tr>");
        foreach (var head in heads)
        {
            _text.Append($"<th scope=\"col\">{Texts.Html(head)}</th>");
        }

        _text.Append("</tr></thead>\n<tbody>\n");
        foreach (var (number, row) in rows.Index())
        {
            _text.Append(isBad?.Invoke(number) == true ? "<tr class=\"bad\">" : "<tr>");
            foreach (var cell in row)
            {
                _text.Append($"<td>{Texts.Html(cell)}</td>");
            }

            _text.Append("</tr>\n");
        }

        _text.Append("</tbody>\n</table>\n");
        return this;
    }

    public string End() => _text.Append("</body>\n</html>\n").ToString();
}
