using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Template;

namespace Rotunda.Api.Page;

/// <summary>The addresses at which the page is: what people see, link to and come back to.</summary>
public static class PageRoutes
{
    /// <summary>The first part of every address but <c>/</c>, as a constraint of a route: for heads whose triggers need to know.</summary>
    public const string FirstPart =
        "^(assets|login|secrets|rotations|approve|decide|provide|campaigns|incidents|audit|catalog|reports|calendar|orphans|doctor|tokens|"
        + "openapi)$";

    private static readonly (string Pattern, string File)[] Table =
    [
        .. new[]
        {
            "/", "/login", "/secrets", "/secrets/{name}", "/rotations", "/rotations/{id}", "/approve/{id}", "/decide/{id}",
            "/provide/{id}", "/campaigns", "/campaigns/{id}", "/incidents", "/incidents/{id}", "/audit", "/catalog", "/reports", "/calendar", "/orphans",
            "/doctor", "/tokens",
        }.Select(pattern => (pattern, "index.html")),
        ("/openapi", "openapi.html"),
    ];

    private static readonly (TemplateMatcher Matcher, string File)[] Matchers =
        [.. Table.Select(view => (new TemplateMatcher(TemplateParser.Parse(view.Pattern.TrimStart('/')), []), view.File))];

    private static readonly TemplateMatcher Asset = new(TemplateParser.Parse("assets/{*file}"), []);

    /// <summary>Each of these answers with the page, which then shows what belongs to its address.</summary>
    public static IReadOnlyList<string> Views { get; } = [.. Table.Select(view => view.Pattern)];

    /// <summary>True for an address of the page: only there is anybody sent after signing in.</summary>
    public static bool Has(PathString path) => FileAt(path) is not null;

    /// <summary>The HTML that is sent at an address; null if it is none of the page's.</summary>
    internal static string? FileAt(PathString path) => Matchers.FirstOrDefault(view => view.Matcher.TryMatch(path, [])).File;

    /// <summary>The name of the file, with the version before it; null if the address is no asset's.</summary>
    internal static string? AssetAt(PathString path)
    {
        var values = new Microsoft.AspNetCore.Routing.RouteValueDictionary();
        return Asset.TryMatch(path, values) ? values["file"] as string : null;
    }
}
