using Microsoft.AspNetCore.Http;

namespace Rotunda.Access;

/// <summary>Tells who makes a request: by a bearer token, or by what the platform has checked. One kind per head.</summary>
public interface ICallers
{
    /// <exception cref="RefusedException">Nobody that is known here (401). The response has its WWW-Authenticate header then.</exception>
    Task<Caller> AuthenticateAsync(HttpContext http);
}
