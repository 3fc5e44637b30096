using System.Globalization;
using Microsoft.AspNetCore.Http;
using Rotunda.Access;
using Rotunda.Api.Desk;

namespace Rotunda.Api.Http;

/// <summary>One request on its way through a handler.</summary>
/// <param name="CallerOrNull">Null on anonymous routes.</param>
public sealed record ApiCall(HttpContext Http, ApiServices Services, Caller? CallerOrNull)
{
    public CancellationToken Cancelled => Http.RequestAborted;

    public Caller Caller => CallerOrNull ?? throw new InvalidOperationException("The route is anonymous.");

    /// <summary>Whose names the caller is told.</summary>
    public Sight Sight => Services.Grants.SightOf(Caller);

    /// <summary>A part of the address, as in the route's pattern.</summary>
    public string Part(string name) => Http.Request.RouteValues[name]?.ToString() ?? "";

    /// <summary>A query parameter; null if it is not there.</summary>
    /// <exception cref="RefusedException">It is there twice.</exception>
    public string? Query(string name)
    {
        var values = Http.Request.Query[name];
        return values.Count switch
        {
            0 => null,
            1 => values[0],
            _ => throw RefusedException.BadField(name, "is given more than once"),
        };
    }

    /// <summary>A query parameter that is a whole number.</summary>
    /// <exception cref="RefusedException">It is no whole number of that range.</exception>
    public int Number(string name, int otherwise, int least, int most) => Query(name) switch
    {
        null => otherwise,
        { } text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var given)
            && given >= least
            && given <= most =>
            given,
        _ => throw RefusedException.BadField(name, $"has to be a whole number from {least} to {most}"),
    };

    /// <summary>Refuses parameters that the route does not know: a typing error must not read as "no filter".</summary>
    public void OnlyQueries(params ReadOnlySpan<string> names)
    {
        foreach (var given in Http.Request.Query.Keys)
        {
            if (!names.Contains(given))
            {
                throw RefusedException.BadField(RefusedException.Shown(given), "is not a parameter of this route");
            }
        }
    }
}
