using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;

namespace Rotunda.Api.Http;

/// <summary>Finds routes by address without endpoint routing: for heads that have one catch-all entry, and for 405.</summary>
public static class RouteMatcher
{
    private static readonly (ApiRoute Route, TemplateMatcher Matcher)[] Matchers =
        [.. ApiRoutes.All.Select(route => (route, new TemplateMatcher(TemplateParser.Parse(route.Pattern.TrimStart('/')), [])))];

    /// <summary>The route for the request, with its address parts put into the route values; null if there is none.</summary>
    public static ApiRoute? Find(HttpRequest request)
    {
        foreach (var (route, matcher) in Matchers)
        {
            var values = new RouteValueDictionary();
            if (string.Equals(route.Method, request.Method, StringComparison.OrdinalIgnoreCase) && matcher.TryMatch(request.Path, values))
            {
                request.RouteValues = values;
                return route;
            }
        }

        return null;
    }

    public static IReadOnlyList<string> MethodsOf(PathString path) =>
        [.. Matchers.Where(m => m.Matcher.TryMatch(path, [])).Select(m => m.Route.Method).Distinct(StringComparer.Ordinal)];
}
