using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Rotunda.Access;

/// <summary>The caller asks too much (429).</summary>
/// <param name="retryAfter">In seconds.</param>
public sealed class TooManyRequestsException(int retryAfter, string detail)
    : RefusedException(StatusCodes.Status429TooManyRequests, "too-many-requests", detail)
{
    /// <summary>The header of that name.</summary>
    public string RetryAfter { get; } = retryAfter.ToString(CultureInfo.InvariantCulture);
}
